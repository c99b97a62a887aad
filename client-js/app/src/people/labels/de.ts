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
} satisfies Translation<typeof en>;
