import { findAddresses, safeUrl } from '../lib/links';

/** A piece of a text: plain words, or words with a mark. */
export type Inline =
  | string
  | { kind: 'break' }
  | { kind: 'code'; text: string }
  | { kind: 'strong'; content: Inline[] }
  | { kind: 'emphasis'; content: Inline[] }
  | { kind: 'link'; href: string; content: Inline[] };

/** A block of a text. A list is numbered from `start`, if that is given. */
export type Block =
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'list'; start: number | undefined; items: Block[][] }
  | { kind: 'quote'; content: Block[] }
  | { kind: 'code'; text: string };

/** The hub nests no deeper; anything deeper is shown as it is. */
const deepest = 12;

const marker = /^(?:- |(\d{1,9})\. )/;
const begins = (line: string): boolean => marker.test(line) || line.startsWith('>') || /^`{3,}$/.test(line);

/** Takes lines from the front as long as they belong. */
function take(lines: string[], belongs: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function code(lines: string[]): Block {
  const fence = lines.shift()!;
  const text = take(lines, (line) => line !== fence).join('\n');
  lines.shift();
  return { kind: 'code', text };
}

function list(lines: string[], depth: number): Block {
  const start = marker.exec(lines[0]!)![1];
  const items: Block[][] = [];
  for (let found; lines.length && (found = marker.exec(lines[0]!)) && (found[1] === undefined) === (start === undefined); ) {
    const width = found[0].length;
    const first = lines.shift()!.slice(width);
    const indented = ' '.repeat(width);
    const rest = take(lines, (line) => line.startsWith(indented) || line === '');
    // What is blank at the end is between this list and the next block.
    const blank = rest.length - rest.findLastIndex((line) => line !== '') - 1;
    lines.unshift(...rest.splice(rest.length - blank, blank));
    items.push(blocks([first, ...rest.map((line) => line.slice(width))], depth + 1));
  }
  return { kind: 'list', start: start === undefined ? undefined : Number(start), items };
}

function blocks(lines: string[], depth: number): Block[] {
  const found: Block[] = [];
  while (lines.length) {
    const line = lines[0]!;
    if (!line.trim()) lines.shift();
    else if (/^`{3,}$/.test(line)) found.push(code(lines));
    else if (depth < deepest && line.startsWith('>')) {
      const quoted = take(lines, (next) => next.startsWith('>')).map((next) => next.replace(/^> ?/, ''));
      found.push({ kind: 'quote', content: blocks(quoted, depth + 1) });
    } else if (depth < deepest && marker.test(line)) found.push(list(lines, depth));
    else {
      const paragraph = [lines.shift()!, ...take(lines, (next) => next.trim() !== '' && !begins(next))];
      found.push({ kind: 'paragraph', content: inlines(paragraph.join('\n'), true) });
    }
  }
  return found;
}

const ticks = /`+/y;
const link = /\[((?:\\.|[^\\[\]])+)\]\(([^\s()]+)\)/y;
const escaped = /\\[!-/:-@[-`{-~]/y;

const at = (pattern: RegExp, text: string, place: number): RegExpExecArray | null => {
  pattern.lastIndex = place;
  return pattern.exec(text);
};

/** Bare addresses become links, except within a link. */
const words = (text: string, linked: boolean): Inline[] =>
  linked ? findAddresses(text).map((piece) => ('href' in piece ? { kind: 'link', href: piece.href, content: [piece.text] } : piece.text)) : [text];

function inlines(text: string, linked: boolean): Inline[] {
  const open: { sign: '' | '*' | '**'; content: Inline[] }[] = [{ sign: '', content: [] }];
  let plain = '';
  const push = (...pieces: Inline[]): void => {
    if (plain) open.at(-1)!.content.push(...words(plain, linked));
    plain = '';
    open.at(-1)!.content.push(...pieces);
  };
  for (let place = 0; place < text.length; ) {
    const sign = text[place]!;
    let found: RegExpExecArray | null;
    if (sign === '\\' && at(escaped, text, place)) {
      plain += text[place + 1]!;
      place += 2;
    } else if (sign === '\n') {
      push({ kind: 'break' });
      place++;
    } else if (sign === '`' && (found = at(ticks, text, place))) {
      const begin = place + found[0].length;
      const end = text.indexOf(found[0], begin);
      if (end < 0) plain += found[0];
      else push({ kind: 'code', text: found[0].length > 1 ? text.slice(begin, end).trim() : text.slice(begin, end) });
      place = end < 0 ? begin : end + found[0].length;
    } else if (linked && sign === '[' && (found = at(link, text, place)) && safeUrl(found[2])) {
      push({ kind: 'link', href: safeUrl(found[2])!, content: inlines(found[1]!, false) });
      place += found[0].length;
    } else if (sign === '*') {
      place += star(text, place);
    } else {
      plain += sign;
      place++;
    }
  }
  while (open.length > 1) {
    // A mark that never ends is none.
    push();
    const { sign, content } = open.pop()!;
    push(sign, ...content);
  }
  push();
  return open[0]!.content;

  /** Ends or begins emphasis, and returns how many signs that took. */
  function star(text: string, place: number): number {
    const top = open.at(-1)!;
    const double = text.startsWith('**', place);
    if (place > 0 && /\S/.test(text[place - 1]!) && (top.sign === '*' || (top.sign === '**' && double))) {
      push();
      open.pop();
      push({ kind: top.sign === '*' ? 'emphasis' : 'strong', content: top.content });
      return top.sign.length;
    }
    const sign = double && !open.some((one) => one.sign === '**') ? '**' : '*';
    const next = text[place + sign.length];
    if (next !== undefined && /\S/.test(next) && !open.some((one) => one.sign === sign)) {
      push();
      open.push({ sign, content: [] });
    } else plain += sign;
    return sign.length;
  }
}

/** Reads a text of the agenda: plain text with the few marks of Markdown that the hub leaves in it. */
export const readMarks = (text: string): Block[] => blocks(text.split('\n'), 0);
