import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
const read = (file: string): string => readFileSync(join(source, file), 'utf8');
const folderOf = (file: string): string => file.split('/')[0]!;

const sheets = files.filter((file) => file.endsWith('.css')).map((file) => ({ file, css: read(file).replace(/\/\*.*?\*\//gs, '') }));
const modules = files.filter((file) => /\.tsx?$/.test(file)).map((file) => ({ file, code: read(file) }));

/** The folders whose styles the whole app may use; a capability's styles are its own. */
const shared = ['ui', 'shell'];

/** The parts of a value: "0 calc(1px + 2px)" has two. */
const parts = (value: string): string[] => value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

/** Declarations in a sheet that use physical sides instead of logical ones. */
function physical(css: string): string[] {
  const found: string[] = [];
  for (const [whole, property, value] of css.matchAll(/(?<=[;{\s])([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/g)) {
    const sides = parts(value!);
    const unequalSides = /^(?:margin|padding|inset|border-(?:width|style|color))$/.test(property!) && sides.length === 4 && sides[1] !== sides[3];
    const namesSide = /(?:^|-)(?:left|right|top|bottom)(?:-|$)/.test(property!);
    const sideAsValue = /^(?:text-align|float|clear|justify-\w+|transform-origin|background|background-position)$/.test(property!) && /\b(?:left|right)\b/.test(value!);
    if (namesSide || unequalSides || sideAsValue) found.push(whole);
  }
  return found;
}

describe('a style sheet', () => {
  it('uses no physical sides, so that every page works from right to left', () => {
    expect(sheets.length).toBeGreaterThan(10);
    for (const { file, css } of sheets) expect(physical(css), file).toEqual([]);
  });

  it('is caught when it does', () => {
    const bad = ['margin-left: 1px', 'border-top-right-radius: 1px', 'top: 0', 'padding: 0 1px 0 2px', 'text-align: left', 'background-position: right 1px center'];
    const good = ['margin-inline-start: 1px', 'inset: 0', 'padding: 0 calc(1px + 2px) 1px', 'text-align: start', 'height: calc(1px - env(safe-area-inset-bottom))'];
    expect(bad.map((line) => physical(`a { ${line}; }`))).toEqual(bad.map((line) => [line]));
    expect(good.flatMap((line) => physical(`a { ${line}; }`))).toEqual([]);
  });
});

/** Every selector of a sheet, with its classes in their order. */
function selectorsOf(css: string): { selector: string; classes: string[] }[] {
  return [...css.matchAll(/(?<=^|[{};])([^{};@]+)(?=\{)/g)]
    .flatMap(([, list]) => list!.split(/,(?![^(]*\))/))
    .map((selector) => ({ selector: selector.trim(), classes: [...selector.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name!) }));
}

/** The classes that a folder's sheets define: those at the start of a selector. */
function classesOf(folder: string): Set<string> {
  const own = sheets.filter(({ file }) => folderOf(file) === folder).flatMap(({ css }) => selectorsOf(css));
  return new Set(own.flatMap(({ classes }) => classes.slice(0, 1)));
}

describe('the classes of a folder', () => {
  const folders = [...new Set(sheets.map(({ file }) => folderOf(file)))];
  const capabilities = folders.filter((folder) => !shared.includes(folder));
  const common = new Set(shared.flatMap((folder) => [...classesOf(folder)]));
  const belongsTo = (name: string, folder: string): boolean => name === folder || name.startsWith(`${folder}-`);

  it('are named after it, and its sheets define no others', () => {
    expect(capabilities.length).toBeGreaterThan(5);
    for (const { file, css } of sheets.filter((sheet) => capabilities.includes(folderOf(sheet.file)))) {
      for (const { selector, classes } of selectorsOf(css)) {
        expect(classes[0], `${file}: ${selector}`).toSatisfy((first?: string) => first !== undefined && belongsTo(first, folderOf(file)));
        for (const name of classes) expect(common.has(name) || belongsTo(name, folderOf(file)), `${file}: ${selector}`).toBe(true);
      }
    }
  });

  it('are used by its own components only', () => {
    for (const { file, code } of modules) {
      const words = [...code.matchAll(/(?<=['"`.\s])[a-z]+(?:-[a-z]+)+(?=['"`:\[\s])/g)].map(([word]) => word);
      const foreign = words.filter((word) => capabilities.some((folder) => folder !== folderOf(file) && classesOf(folder).has(word)));
      expect(foreign, file).toEqual([]);
    }
  });

  it('are one folder’s where the whole app uses them, and are named after no capability', () => {
    expect([...classesOf('ui')].filter((name) => classesOf('shell').has(name))).toEqual([]);
    for (const { file, css } of sheets.filter((sheet) => shared.includes(folderOf(sheet.file)))) {
      const named = selectorsOf(css).flatMap(({ classes }) => classes);
      expect(named.filter((name) => capabilities.some((folder) => belongsTo(name, folder))), file).toEqual([]);
    }
  });

  it('come with the folder: another folder’s sheet is imported only where it is the whole app’s', () => {
    const imported = modules.flatMap(({ file, code }) => [...code.matchAll(/import '(.*\.css)'/g)].map(([, path]) => ({ file, sheet: join(dirname(file), path!) })));
    expect(imported.map(({ sheet }) => sheet)).toEqual(expect.arrayContaining(sheets.map(({ file }) => file)));
    const borrowed = imported.filter(({ file, sheet }) => folderOf(file) !== folderOf(sheet) && !shared.includes(folderOf(sheet)));
    expect(borrowed).toEqual([]);
  });
});
