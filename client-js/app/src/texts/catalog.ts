import { signal } from '@preact/signals';

/** The languages the app speaks. A new one is a file beside `en.ts`; the compiler names the texts it lacks. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

/** A text whose form depends on `{count}`; the forms are those of Intl.PluralRules. */
export type Plural = Readonly<{ one: string; other: string }>;
export type TextSource = Readonly<Record<string, string | Plural>>;

/** What a translation of `Source` must have: every key, of the same sort. */
export type Translation<Source extends TextSource> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Entry> = Names<Entry extends string ? Entry : Entry extends Plural ? Entry['other'] | Entry['one'] : never>;
type Arguments<Entry> = [Values<Entry>] extends [never] ? [] : [values: Record<Values<Entry>, string | number>];

export type Translator<Source extends TextSource> = <Key extends keyof Source & string>(
  key: Key,
  ...values: Arguments<Source[Key]>
) => string;

/** The language that is shown. It changes only when all its texts are here. */
export const language = signal<Language>('en');

const pluralRules = new Map<Language, Intl.PluralRules>();
const numberFormats = new Map<Language, Intl.NumberFormat>();

function pluralForm(count: number): keyof Plural {
  let rules = pluralRules.get(language.value);
  if (!rules) pluralRules.set(language.value, (rules = new Intl.PluralRules(language.value)));
  return rules.select(count) === 'one' ? 'one' : 'other';
}

/** A number as people of the shown language write it. */
export function formatNumber(value: number): string {
  let format = numberFormats.get(language.value);
  if (!format) numberFormats.set(language.value, (format = new Intl.NumberFormat(language.value)));
  return format.format(value);
}

/** Puts values into `{name}` places. Exported for the tests of the texts. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

type Loader = () => Promise<TextSource>;
type LazyLoaders = Readonly<Record<Exclude<Language, 'en'>, Loader>>;

const catalogs: { load: (wanted: Language) => Promise<void> }[] = [];

/** A set of texts: English is there at once, the others come when they are wanted. */
export function createCatalog<Source extends TextSource>(english: Source, others: LazyLoaders): {
  t: Translator<Source>;
  load: (wanted: Language) => Promise<void>;
} {
  const loaded = new Map<Language, TextSource>([['en', english]]);
  const load = async (wanted: Language): Promise<void> => {
    if (wanted !== 'en' && !loaded.has(wanted)) loaded.set(wanted, await others[wanted]());
  };
  catalogs.push({ load });
  const t = (key: string, values?: Record<string, string | number>): string => {
    const entry = (loaded.get(language.value) ?? english)[key] ?? english[key] ?? key;
    return fill(typeof entry === 'string' ? entry : entry[pluralForm(Number(values?.['count']))], values);
  };
  return { t: t as Translator<Source>, load };
}

/** Shows another language as soon as its texts have come. */
export async function setLanguage(wanted: Language): Promise<void> {
  await Promise.all(catalogs.map((catalog) => catalog.load(wanted)));
  language.value = wanted;
  document.documentElement.lang = wanted;
}

/** The best of the languages a browser asks for, for instance ["de-AT", "en"]. */
export function preferredLanguage(asked: readonly string[]): Language {
  for (const tag of asked) {
    const base = tag.toLowerCase().split('-')[0];
    if (base && base in languages) return base as Language;
  }
  return 'en';
}
