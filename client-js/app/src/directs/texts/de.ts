import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'messages.title': 'Nachrichten',
  'messages.new': 'Neue Nachricht',
  'messages.empty': 'Noch keine Gespräche',
  'messages.emptyHint': 'Finde jemanden im Personenverzeichnis oder beginne hier ein Gespräch.',
  'messages.choose': 'Wähle ein Gespräch aus',
  'messages.chooseHint': 'Oder beginne eines mit bis zu {count} Personen.',
  'messages.list': 'Gespräche',
  'messages.start': 'Gespräch beginnen',
  'messages.youSaid': 'Du: {text}',
  'messages.noMessage': 'Noch keine Nachrichten',
  'messages.from': 'Direktnachricht von {name}: {text}',
  'messages.newCount': { one: '{count} neue Direktnachricht', other: '{count} neue Direktnachrichten' },
  'messages.hide': 'Gespräch ausblenden',
  'messages.hidden': 'Ausgeblendet, bis eine Nachricht kommt.',
  'messages.only': 'Nur du',
  'messages.guest': 'Gäste können keine Nachrichten senden',
  'messages.guestHint': 'Registriere dich, um anderen zu schreiben.',
  'messages.actions': 'Optionen für das Gespräch',
  'messages.deleted': 'Nachricht gelöscht.',
  'messages.register': 'Registrieren',
} satisfies Translation<typeof en>;
