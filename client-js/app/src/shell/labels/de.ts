import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'nav.main': 'Hauptnavigation',
  'nav.staff': 'Team',
  'nav.allEvents': 'Alle Veranstaltungen',
  'nav.account': 'Dein Konto',
  'nav.signIn': 'Anmelden',

  'connection.connected': 'Verbunden',
  'connection.connecting': 'Verbindet …',
  'connection.waiting': { one: 'Neuer Versuch in {count} s', other: 'Neuer Versuch in {count} s' },
  'connection.tryNow': 'Jetzt versuchen',
  'connection.offline': 'Du bist offline',
  'connection.ended': 'Abgemeldet',
  'connection.stopped': 'Getrennt',
  'connection.signIn': 'Neu anmelden',

  'theme.label': 'Darstellung',
  'theme.system': 'System',
  'theme.light': 'Hell',
  'theme.dark': 'Dunkel',
  'language.label': 'Sprache',

  'keys.title': 'Tastenkürzel',
  'keys.open': 'Tastenkürzel',
  'keys.anywhere': 'Überall',
  'keys.help': 'Diese Tastenkürzel zeigen',
  'keys.single': 'Kürzel mit nur einer Taste',

} satisfies Translation<typeof en>;
