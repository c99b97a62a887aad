import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Personen',
  goTo: 'Zu den Personen',
  inRoom: 'Personen',
  view: 'Profil ansehen',
  block: 'Blockieren',
  unblock: 'Nicht mehr blockieren',
  blocked: '{name} kann dir nicht mehr schreiben.',
  unblocked: '{name} kann dir wieder schreiben.',
  menu: 'Aktionen für {name}',
  'badge.speaker': 'Vortrag',
  'badge.exhibitor': 'Aussteller',
  'badge.moderator': 'Moderation',
  'badge.organizer': 'Team',
  'badge.guest': 'Gast',
} satisfies Translation<typeof en>;
