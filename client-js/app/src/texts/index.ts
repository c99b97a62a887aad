import { createCatalog, type TextSource } from './catalog';
import { en } from './en';

export { formatNumber, language, languages, preferredLanguage, setLanguage, type Language } from './catalog';

const catalog = createCatalog(en, { de: () => import('./de').then((module) => module.de) });

/** The text for a key, in the shown language. A component that calls it is drawn again when the language changes. */
export const t = catalog.t;
export type TextKey = keyof typeof en;

const errors = createCatalog<TextSource>({}, { de: () => import('./de').then((module) => module.errorsDe) });

/** What an error's code means in the shown language; undefined where only the error's own sentence says it. */
export function errorText(code: string): string | undefined {
  const text = errors.t(code);
  return text === code ? undefined : text;
}
