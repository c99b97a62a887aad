import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  guest: 'Du siehst dich als Gast um.',
  register: 'Zum Mitmachen registrieren',
} satisfies Translation<typeof en>;
