import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Räume',
  new: 'neue Nachrichten',
  onNow: 'läuft gerade',
  mentions: { one: '{count} Erwähnung', other: '{count} Erwähnungen' },
} satisfies Translation<typeof en>;
