import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
const sheets = files.filter((file) => file.endsWith('.css')).map((file) => ({ file, css: readFileSync(source + file, 'utf8').replace(/\/\*.*?\*\//gs, '') }));

/** The parts of a value: "0 calc(1px + 2px)" has two. */
const parts = (value: string): string[] => value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

/** What in a sheet names a side of the screen, where a side of the text is meant. */
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
  it('names no side of the screen, so that every page can be read from right to left', () => {
    expect(sheets.length).toBeGreaterThan(10);
    for (const { file, css } of sheets) expect(physical(css), file).toEqual([]);
  });

  it('is found out when it does', () => {
    const bad = ['margin-left: 1px', 'border-top-right-radius: 1px', 'top: 0', 'padding: 0 1px 0 2px', 'text-align: left', 'background-position: right 1px center'];
    const good = ['margin-inline-start: 1px', 'inset: 0', 'padding: 0 calc(1px + 2px) 1px', 'text-align: start', 'height: calc(1px - env(safe-area-inset-bottom))'];
    expect(bad.map((line) => physical(`a { ${line}; }`))).toEqual(bad.map((line) => [line]));
    expect(good.flatMap((line) => physical(`a { ${line}; }`))).toEqual([]);
  });
});
