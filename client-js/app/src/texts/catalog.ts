import { signal } from '@preact/signals';

/** A language by its tag: "en", "de". */
export type Language = string;

/** A text whose form depends on `{count}`, by the categories of Intl.PluralRules. */
export type Plural = Readonly<{ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;
export type TextSource = Readonly<Record<string, string | Plural>>;

/** What a translation of `Source` must have: every text, of the same sort. */
export type Translation<Source extends TextSource> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Entry> = Names<Entry extends string ? Entry : Entry[keyof Entry]>;
type Arguments<Entry> = [Values<Entry>] extends [never] ? [] : [values: Record<Values<Entry>, string | number>];

export type Translator<Source extends TextSource> = <Key extends keyof Source & string>(
  key: Key,
  ...values: Arguments<Source[Key]>
) => string;

/** The files of one set of texts, one for each language, as `import.meta.glob` finds them. */
export type TextFiles = Readonly<Record<string, () => Promise<unknown>>>;

/** The language that is shown. It changes only when all texts in use are here. */
export const language = signal<Language>('en');

const pluralRules = new Map<Language, Intl.PluralRules>();
const numberFormats = new Map<Language, Intl.NumberFormat>();

function pluralForm(entry: Plural, count: number): string {
  let rules = pluralRules.get(language.value);
  if (!rules) pluralRules.set(language.value, (rules = new Intl.PluralRules(language.value)));
  return entry[rules.select(count)] ?? entry.other;
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

/** "./texts/de.ts" → "de" */
export const languageOf = (path: string): Language => path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));

/** A set of texts in all its languages; each language comes when it is wanted. */
export class Catalog {
  readonly #loaded = new Map<Language, TextSource>();
  readonly #files: TextFiles;

  /** With English where it must be there from the start. */
  constructor(files: TextFiles, english?: TextSource) {
    this.#files = files;
    if (english) this.#loaded.set('en', english);
    catalogs.push(this);
  }

  /** The text of a key in the shown language. */
  find(key: string): string | Plural | undefined {
    return (this.#loaded.get(language.value) ?? this.#loaded.get('en'))?.[key];
  }

  /** Every key that begins like this. */
  keys(prefix: string): string[] {
    const texts = this.#loaded.get(language.value) ?? this.#loaded.get('en') ?? {};
    return Object.keys(texts).filter((key) => key.startsWith(prefix));
  }

  /** Gets the texts of a language; where this set lacks it, English. */
  async load(wanted: Language): Promise<void> {
    const path = [wanted, 'en'].flatMap((tag) => Object.keys(this.#files).find((file) => languageOf(file) === tag) ?? [])[0];
    if (this.#loaded.has(wanted) || !path || this.#loaded.has(languageOf(path))) return;
    const module = (await this.#files[path]!()) as { default: TextSource };
    this.#loaded.set(languageOf(path), module.default);
  }
}

/** All that the modules loaded so far speak with. */
const catalogs: Catalog[] = [];

/** Settles when the texts of every module that has been loaded are there, in the shown language. */
export const textsReady = async (): Promise<void> => void (await Promise.all(catalogs.map((catalog) => catalog.load(language.value))));

/** Shows another language as soon as its texts have come. */
export async function setLanguage(wanted: Language): Promise<void> {
  await Promise.all(catalogs.map((catalog) => catalog.load(wanted)));
  language.value = wanted;
  document.documentElement.lang = wanted;
}

/** A text in words: from the first of the sets that has it. */
export function translate(sets: readonly Catalog[], key: string, values?: Record<string, string | number>): string {
  for (const set of sets) {
    const entry = set.find(key);
    if (entry !== undefined) return fill(typeof entry === 'string' ? entry : pluralForm(entry, Number(values?.['count'])), values);
  }
  return key;
}
