import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Räume',
  new: 'neue Nachrichten',
  onNow: 'läuft gerade',
} satisfies Translation<typeof en>;
