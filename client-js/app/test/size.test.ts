import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  isEntry?: boolean;
}

const dist = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
const budget = 60 * 1024;

/** Every file that a browser needs to run a chunk: what it imports, and the styles. */
function filesOf(manifest: Record<string, Chunk>, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name]!;
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const wanted of chunk.imports ?? []) filesOf(manifest, wanted, found);
  return found;
}

const gzipped = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist(file))).length, 0);

describe('first load', () => {
  it('has been built', () => {
    expect(existsSync(dist('.vite/manifest.json')), 'Run `npm run build` first: the size is that of the built app.').toBe(true);
  });

  it('stays within 60 KB gzip on every page, page and styles included', () => {
    const manifest = JSON.parse(readFileSync(dist('.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
    const pages = [...readFileSync(new URL('../src/shell/routes.ts', import.meta.url), 'utf8').matchAll(/import\('\.\.\/(.*?)'\)/g)]
      .map(([, path]) => `src/${path}.tsx`)
      .filter((name) => name in manifest);
    expect(pages.length).toBeGreaterThan(5);
    const sizes = pages.map((page) => {
      const files = filesOf(manifest, 'index.html', filesOf(manifest, page));
      return { page, size: gzipped([...files, 'index.html', 'theme.js']) };
    });
    for (const { page, size } of sizes) expect(size, page).toBeLessThanOrEqual(budget);
  });
});
