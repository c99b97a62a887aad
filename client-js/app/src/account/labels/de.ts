import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Profil',
} satisfies Translation<typeof en>;
