import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  place: 'Moderation',
  team: 'Team',
  timeOut: 'Auszeit geben …',
  ban: 'Ausschließen …',
  lock: 'Raum sperren',
  unlock: 'Raum öffnen',
  slowMode: 'Langsamer Modus',
  slowModeOff: 'Aus',
} satisfies Translation<typeof en>;
