import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'rooms.title': 'Räume',
  'rooms.empty': 'Noch keine Räume',
  'rooms.emptyHint': 'Das Team hat noch keine Räume angelegt.',
  'rooms.quiet': 'Gerade läuft nichts',
  'rooms.hidden': 'Verborgen',

  'room.onNow': 'Läuft gerade',
  'room.next': 'Danach',
  'room.here': { one: '{count} Person hier', other: '{count} Personen hier' },
  'room.unknown': 'Raum nicht gefunden',
  'room.unknownHint': 'Vielleicht wurde er geschlossen.',
  'room.settings': 'Raumeinstellungen',
  'room.locked': 'Gerade kann hier nur das Team schreiben.',
  'room.slowModeOn': {
    one: 'Langsamer Modus: eine Nachricht pro Sekunde.',
    other: 'Langsamer Modus: eine Nachricht alle {count} Sekunden.',
  },
  'room.removed': 'Du wurdest aus diesem Raum entfernt',

  'room.panel': 'Gespräch und Personen',
} satisfies Translation<typeof en>;
