import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  talk: 'Gespräch',
  compose: 'Nachricht schreiben',
} satisfies Translation<typeof en>;
