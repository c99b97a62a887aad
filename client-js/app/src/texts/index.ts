import { createCatalog } from './catalog';
import { en } from './en';

export { formatNumber, language, languages, preferredLanguage, setLanguage, type Language } from './catalog';

const catalog = createCatalog(en, { de: () => import('./de').then((module) => module.de) });

/** The text for a key, in the shown language. A component that calls it is drawn again when the language changes. */
export const t = catalog.t;
export type TextKey = keyof typeof en;
