import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Programm',
  goTo: 'Zum Programm',
} satisfies Translation<typeof en>;
