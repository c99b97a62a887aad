import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'messages.title': 'Nachrichten',
  'messages.new': 'Neue Nachricht',
  'messages.empty': 'Noch keine Gespräche',
  'messages.emptyHint': 'Schreibe jemandem: Finde Personen im Verzeichnis oder fang hier an.',
  'messages.choose': 'Wähle ein Gespräch',
  'messages.chooseHint': 'Oder beginne ein neues, mit bis zu {count} Personen.',
  'messages.list': 'Gespräche',
  'messages.start': 'Gespräch beginnen',
  'messages.youSaid': 'Du: {text}',
  'messages.noMessage': 'Noch keine Nachricht',
  'messages.hide': 'Gespräch ausblenden',
  'messages.hidden': 'Ausgeblendet bis zur nächsten Nachricht.',
  'messages.only': 'Nur du',
  'messages.guest': 'Gäste können keine Nachrichten schreiben',
  'messages.guestHint': 'Registriere dich, um anderen zu schreiben.',
  'messages.actions': 'Optionen des Gesprächs',
  'messages.deleted': 'Nachricht gelöscht.',
  'messages.register': 'Teilnehmen',
} satisfies Translation<typeof en>;
