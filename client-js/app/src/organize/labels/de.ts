import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Organisieren',
  overview: 'Überblick',
  rooms: 'Räume',
  tickets: 'Tickets',
  questions: 'Fragen',
  import: 'Import',
  roles: 'Rollen',
  registrations: 'Registrierungen',
} satisfies Translation<typeof en>;
