import { Catalog, languageOf, translate, type Language, type TextFiles, type TextSource, type Translator } from './catalog';
import en from './shared/en';

export { formatNumber, language, setLanguage, textsReady, type Language } from './catalog';

/** What each language but English begins with, as files by their path. English is part of the app. */
type Beginning = { default: Readonly<Record<string, TextSource>> };
const beginnings = import.meta.glob<Beginning>('./languages/*.ts');

/** The texts of one folder out of what a language begins with. */
const beginning = (folder: string): TextFiles =>
  Object.fromEntries(
    Object.entries(beginnings).map(([path, load]) => [path, async () => ({ default: (await load()).default[`${folder}/${languageOf(path)}.ts`] ?? {} })]),
  );

const shared = new Catalog(beginning('../shared'), en);
type Shared = typeof en;

/** The text for a key that the whole app shares. A component that calls it is drawn again when the language changes. */
export const t = ((key: string, values?: Record<string, string | number>) => translate([shared], key, values)) as Translator<Shared>;

/** "3 unread" */
export const unreadText = (count: number): string => t('unread.count', { count });

/** The texts of a capability: `t` finds its own and the shared ones, `keys` its own by how they begin. */
export function createTexts<Own extends TextSource>(files: TextFiles): { t: Translator<Shared & Own>; keys: (prefix: string) => string[] } {
  const own = new Catalog(files);
  const find = (key: string, values?: Record<string, string | number>): string => translate([own, shared], key, values);
  return { t: find as Translator<Shared & Own>, keys: (prefix) => own.keys(prefix) };
}

/** The words of a folder that are there from the start; in other languages they are in its `labels/`. */
export function createLabels<Own extends TextSource>(folder: string, english: Own): { t: Translator<Shared & Own> } {
  const own = new Catalog(beginning(`../../${folder}/labels`), english);
  return { t: ((key: string, values?: Record<string, string | number>) => translate([own, shared], key, values)) as Translator<Shared & Own> };
}

/** The languages that the app speaks, each under its own name: English and those with a file in `languages/`. */
export const languages: Readonly<Record<Language, string>> = Object.fromEntries(
  ['en', ...Object.keys(beginnings).map(languageOf)].map((tag) => [tag, new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag]),
);

/** The best of the languages a browser asks for, for instance ["de-AT", "en"]. */
export function preferredLanguage(asked: readonly string[]): Language {
  for (const tag of asked) {
    const base = tag.toLowerCase().split('-')[0];
    if (base && base in languages) return base;
  }
  return 'en';
}

const errors = new Catalog(beginning('../errors'), {});

/** What an error's code means in the shown language; undefined where only the error's own sentence says it. */
export function errorText(code: string): string | undefined {
  const text = errors.find(code);
  return typeof text === 'string' ? text : undefined;
}
