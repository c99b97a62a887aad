import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'people.title': 'Personen',
  'people.search': 'Personen suchen',
  'people.searchPlaceholder': 'Name oder Organisation',
  'people.none': 'Niemanden gefunden',
  'people.noneHint': 'Prüfe die Schreibweise oder versuche es mit weniger Buchstaben.',
  'people.empty': 'Noch niemand im Verzeichnis',
  'people.emptyHint': 'Hier erscheint, wer sich im Verzeichnis zeigen möchte.',
  'people.speaks': 'Sprachen',
  'people.you': 'du',
  'people.toProfile': 'Profil',
  'blocked.title': 'Blockierte Personen',
  'blocked.none': 'Du hast niemanden blockiert.',
  'blocked.unlisted': 'Nicht gelistete Person',
  'picker.to': 'An',
  'picker.full': 'Ein Gespräch kann bis zu {count} Personen haben.',
  'room.searchPeople': 'Personen in diesem Raum suchen',
  'room.noneHere': 'Noch ist niemand hier',
  'room.timedOut': 'Auszeit',
} satisfies Translation<typeof en>;
