import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'rooms.title': 'Räume',
  'rooms.empty': 'Noch keine Räume',
  'rooms.emptyHint': 'Das Team hat noch keinen Raum geöffnet.',
  'rooms.quiet': 'Gerade läuft nichts',
  'rooms.hidden': 'Verborgen',

  'room.onNow': 'Läuft gerade',
  'room.next': 'Danach',
  'room.here': { one: '{count} Person hier', other: '{count} Personen hier' },
  'room.unknown': 'Diesen Raum gibt es nicht',
  'room.unknownHint': 'Vielleicht wurde er geschlossen oder umbenannt.',
  'room.settings': 'Raumeinstellungen',
  'room.locked': 'Im Moment kann hier nur das Team schreiben.',
  'room.slowModeOn': {
    one: 'Langsamer Modus: eine Nachricht pro Sekunde.',
    other: 'Langsamer Modus: eine Nachricht alle {count} Sekunden.',
  },
  'room.removed': 'Du wurdest aus diesem Raum entfernt',

  'room.panel': 'Gespräch und Personen',
} satisfies Translation<typeof en>;
