import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  talk: 'Gespräch',
  compose: 'Nachricht schreiben',
  mentionedIn: '{name} hat dich in {place} erwähnt',
  show: 'Ansehen',
} satisfies Translation<typeof en>;
