export default {
  'nav.main': 'Main',
  'nav.staff': 'Team',
  'nav.allEvents': 'All events',
  'nav.account': 'Your account',
  'nav.signIn': 'Sign in',

  'connection.connected': 'Connected',
  'connection.connecting': 'Connecting…',
  'connection.waiting': { one: 'Reconnecting in {count} s', other: 'Reconnecting in {count} s' },
  'connection.tryNow': 'Try now',
  'connection.offline': 'You are offline',
  'connection.ended': 'Signed out',
  'connection.stopped': 'Disconnected',
  'connection.signIn': 'Sign in again',

  'theme.label': 'Theme',
  'theme.system': 'System',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'language.label': 'Language',

  'keys.title': 'Keyboard shortcuts',
  'keys.open': 'Keyboard shortcuts',
  'keys.anywhere': 'Anywhere',
  'keys.help': 'Show these shortcuts',
  'keys.single': 'Single-key shortcuts',

} as const;
