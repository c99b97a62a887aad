import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const known = new Set(files);

/** The layers, lowest first; capabilities are above the shell. */
const layers = ['texts', 'lib', 'hub', 'ui', 'shell'];
/** The program, which may name capabilities. */
const program = ['main.tsx', 'shell/list.ts'];

interface Import {
  from: string;
  /** The file, or the style sheet. */
  to: string;
  /** As it is written. */
  path: string;
  later: boolean;
}

function resolve(from: string, path: string): string {
  const place = normalize(join(dirname(from), path));
  return [place, `${place}.ts`, `${place}.tsx`, join(place, 'index.ts')].find((file) => known.has(file)) ?? place;
}

/** Every import of another file of the app, types and style sheets included. */
const imports: Import[] = files.flatMap((from) => {
  const source = readFileSync(join(root, from), 'utf8');
  return [...source.matchAll(/(?:^|\n)(?:import|export)\s(?:[^;'"]*?\sfrom\s)?'(\.[^']+)'|(import)\('(\.[^']+)'\)/g)].map((found) => {
    const path = (found[1] ?? found[3])!;
    return { from, to: resolve(from, path), path, later: found[2] !== undefined };
  });
});

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const capabilities = [...new Set(files.map(folderOf))].filter((folder) => folder && !layers.includes(folder));
const across = imports.filter(({ from, to }) => !program.includes(from) && folderOf(from) !== folderOf(to));
const said = ({ from, path }: Import): string => `${from}: ${path}`;

/** A cycle in the graph, for the failure's message. */
function circle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (place: string): string[] | undefined => {
    if (way.includes(place)) return [...way.slice(way.indexOf(place)), place];
    if (done.has(place)) return undefined;
    way.push(place);
    for (const next of edges.get(place) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    way.pop();
    done.add(place);
    return undefined;
  };
  for (const place of edges.keys()) {
    const found = visit(place);
    if (found) return found;
  }
  return undefined;
}

function graph(edges: Iterable<[string, string]>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [from, to] of edges) found.set(from, (found.get(from) ?? new Set()).add(to));
  return found;
}

describe('imports', () => {
  it('are all found', () => {
    expect(imports.length).toBeGreaterThan(500);
    expect(imports.filter(({ to }) => !known.has(to) && !to.endsWith('.css')).map(said)).toEqual([]);
    expect(capabilities.length).toBeGreaterThanOrEqual(10);
  });

  it('form no cycle of folders', () => {
    expect(circle(graph(across.map(({ from, to }) => [folderOf(from), folderOf(to)])))).toBeUndefined();
  });

  it('form no cycle of files', () => {
    expect(circle(graph(imports.filter(({ later }) => !later).map(({ from, to }) => [from, to])))).toBeUndefined();
  });

  it('lead downwards from layer to layer, and from none to a capability', () => {
    const upwards = across.filter(({ from, to }) => layers.includes(folderOf(from)) && !(layers.indexOf(folderOf(to)) < layers.indexOf(folderOf(from)) && layers.includes(folderOf(to))));
    expect(upwards.map(said)).toEqual([]);
  });

  it('name capabilities only in the list, and there only their manifests', () => {
    const listed = imports.filter(({ from, to }) => program.includes(from) && capabilities.includes(folderOf(to)));
    expect(listed.map(({ to }) => to).sort()).toEqual(capabilities.map((folder) => `${folder}/manifest.ts`).sort());
    expect(new Set(listed.map(({ from }) => from))).toEqual(new Set(['shell/list.ts']));
  });

  it('lead into another capability only through its index', () => {
    const inside = across.filter(({ to, path }) => capabilities.includes(folderOf(to)) && !/^(?:\.\.\/)+[a-z-]+$/.test(path));
    expect(inside.map(said)).toEqual([]);
  });
});
