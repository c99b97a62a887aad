import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Lobby',
  goTo: 'Zur Lobby',
  announcement: 'Ankündigung',
  announced: 'Ankündigung: {text}',
  allAnnouncements: 'Alle {count} neuen',
  dismiss: 'Ausblenden',
} satisfies Translation<typeof en>;
