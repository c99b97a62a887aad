import type { Translation } from './catalog';
import type { organizeEn } from './organize.en';

/** German texts of the organizers' and moderators' pages. */
export const organizeDe: Translation<typeof organizeEn> = {
  'organize.title': 'Organisieren',
};
