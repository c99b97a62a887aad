import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Lobby',
  goTo: 'Zur Lobby',
} satisfies Translation<typeof en>;
