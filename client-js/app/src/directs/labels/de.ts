import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Nachrichten',
  goTo: 'Zu den Nachrichten',
  write: 'Nachricht schreiben',
  writeTo: '{name} schreiben',
} satisfies Translation<typeof en>;
