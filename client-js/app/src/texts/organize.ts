import { createCatalog, language } from './catalog';
import { organizeEn } from './organize.en';

const catalog = createCatalog(organizeEn, { de: () => import('./organize.de').then((module) => module.organizeDe) });

/** Texts of the organizers' and moderators' pages: attendees never load them. */
export const to = catalog.t;

/** Settles when the texts of the shown language are there. */
export const organizeTextsReady = (): Promise<void> => catalog.load(language.value);
