import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Loader, Manifest } from '../src/shell/manifest';
import { pretendBrowser } from './browser-globals';

interface Chunk {
  file: string;
  name?: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}

const dist = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
/** For the app in English; other languages add their initial texts. */
const budget = 60 * 1024;
const translation = 4 * 1024;

let chunks: Record<string, Chunk>;
let capabilities: readonly Manifest[];

beforeAll(async () => {
  expect(existsSync(dist('.vite/manifest.json')), 'Run `npm run build` first: the size is that of the built app.').toBe(true);
  chunks = JSON.parse(readFileSync(dist('.vite/manifest.json'), 'utf8')) as typeof chunks;
  pretendBrowser();
  ({ capabilities } = await import('../src/shell/list'));
});

/** The source file that a loader imports. */
function sourceOf(load: Loader): string {
  const path = /dynamic_import__\("\/(.*?)"\)/.exec(String(load))?.[1];
  expect(path, String(load)).toBeDefined();
  return path!;
}

/** Slots of which a page shows the first panel; the others are behind tabs. */
const oneAtATime = ['room.side', 'organize'];

/** The panels of the slots named in a page's source, whoever may see them: at least those it shows first. */
function panelsOn(page: string): Loader[] {
  const source = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  const slots = capabilities.flatMap((manifest) => Object.entries(manifest.panels ?? {}));
  return slots
    .flatMap(([slot, panels]) => (source.includes(`'${slot}'`) || source.includes(`"${slot}"`) ? panels.map((panel) => ({ slot, load: panel.load })) : []))
    .filter(({ slot }, place, all) => !oneAtATime.includes(slot) || all.findIndex((other) => other.slot === slot) === place)
    .map(({ load }) => load);
}

/** Everything a browser needs to run a chunk: its imports, its styles, and the texts in a language. */
function filesOf(name: string, language: string, found = new Set<string>()): Set<string> {
  const chunk = chunks[name]!;
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const wanted of chunk.imports ?? []) filesOf(wanted, language, found);
  // The manifests, which are in the core, name all texts; the modules that use them decide which are needed.
  const folder = chunk.name === 'core' ? 'languages' : 'texts';
  for (const later of chunk.dynamicImports ?? []) if (later.endsWith(`/${folder}/${language}.ts`)) filesOf(later, language, found);
  return found;
}

/** As served by the hub: the copies have maximum gzip compression. */
const level = constants.Z_BEST_COMPRESSION;
const gzipped = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist(file)), { level }).length, 0);

describe.each(['en', 'de'])('the first load in %s', (language) => {
  it('stays within 60 KB gzip at every address, with everything rendered there', () => {
    const routes = capabilities.flatMap((manifest) => manifest.routes ?? []);
    expect(routes.length).toBeGreaterThan(15);
    const banners = capabilities.flatMap((manifest) => manifest.panels?.banner ?? []).map((panel) => panel.load);
    const sizes = routes.map(({ pattern, frame, load }) => {
      const page = sourceOf(load);
      const parts = [...panelsOn(page), ...(frame === 'event' ? banners : [])].map(sourceOf);
      const files = ['index.html', page, ...parts].reduce((all, name) => filesOf(name, language, all), new Set(['index.html', 'theme.js']));
      return { pattern, size: gzipped(files) };
    });
    for (const { pattern, size } of sizes) expect(size, pattern).toBeLessThanOrEqual(language === 'en' ? budget : budget + translation);
  });
});
