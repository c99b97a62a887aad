import { readdirSync } from 'node:fs';
import type { TextSource } from '../src/texts/catalog.ts';

const sources = new URL('../src/', import.meta.url);

/** A folder of texts, a file for each language. */
export interface TextFolder {
  folder: string;
  languages: ReadonlyMap<string, TextSource>;
}

/** Every set of texts of the app that includes English. */
export async function textFolders(): Promise<TextFolder[]> {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => /(?:^|\/)(?:texts|labels|shared)\/[a-z]{2}(?:-\w+)?\.ts$/.test(file));
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = file.slice(0, file.lastIndexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const read = async (file: string): Promise<[string, TextSource]> => {
    const module = (await import(new URL(file, sources).href)) as { default: TextSource };
    return [/([\w-]+)\.ts$/.exec(file)![1]!, module.default];
  };
  return Promise.all([...folders].map(async ([folder, names]) => ({ folder, languages: new Map(await Promise.all(names.map(read))) })));
}
