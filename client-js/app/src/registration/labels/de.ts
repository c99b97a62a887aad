import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  guest: 'Du bist als Gast hier.',
  register: 'Zum Mitmachen registrieren',
} satisfies Translation<typeof en>;
