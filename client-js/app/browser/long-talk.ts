import type { Page } from '@playwright/test';
import type { Plenary } from 'plenary-client';

/** A message as stored by the hub. */
export interface Said {
  seq: number;
  text: string;
}

/** Fills a channel with about this many messages of all heights; all connections write at once. */
export async function fill(voices: readonly Plenary[], channel: string, count: number): Promise<void> {
  await Promise.all(
    voices.map(async (voice, writer) => {
      const talk = await voice.join(channel);
      for (let number = writer; number < count; number += voices.length) {
        const lines = Array.from({ length: number % 9 === 0 ? 6 : 1 }, (_, line) => `line ${line + 1} of message ${number}.`);
        await talk.send(lines.join('\n'));
      }
    }),
  );
}

/** All messages of a channel from the hub, in order. */
export async function everythingSaid(voice: Plenary, channel: string): Promise<Said[]> {
  const talk = await voice.join(channel);
  while (talk.hasOlder) await talk.history();
  return talk.messages.map(({ seq, text }) => ({ seq: seq ?? -1, text: text ?? '' }));
}

/** Observations of the log, frame by frame. */
export interface Watched {
  /** The maximum number of messages in the page at once. */
  most: number;
  /** Adjacent messages in the page that are not adjacent in the channel, or differing texts. */
  faults: string[];
  /** How many different messages were in the page. */
  seen: number;
}

/** Starts comparing the log with the channel on every frame. */
export async function watch(page: Page, said: readonly Said[]): Promise<void> {
  await page.evaluate((talk) => {
    const log = document.querySelector('[role="log"]')!;
    const places = new Map(talk.map(({ seq }, place) => [seq, place]));
    const faults = new Set<string>();
    const seen = new Set<number>();
    let most = 0;
    const look = (): void => {
      const rows = [...log.querySelectorAll<HTMLElement>('.chat-log-row[data-row^="m"]')]
        .map((row) => ({ seq: Number(row.dataset['row']!.slice(1)), top: row.getBoundingClientRect().top, text: row.querySelector('.chat-message-text')?.textContent ?? '' }))
        .sort((one, other) => one.top - other.top);
      // The focused message stays in the page, wherever it is scrolled to.
      const gapless = !log.contains(document.activeElement);
      rows.forEach(({ seq, text }, position) => {
        const place = places.get(seq) ?? -1;
        const before = places.get(rows[position - 1]?.seq ?? -1) ?? -1;
        if (position > 0 && (gapless ? before !== place - 1 : before >= place)) faults.add(`${talk[before]?.seq} before ${seq}`);
        if (talk[place]?.text !== text) faults.add(`${seq}: ${text}`);
        seen.add(seq);
      });
      most = Math.max(most, log.querySelectorAll('article').length);
      (window as unknown as { watched: unknown }).watched = { most, faults: [...faults], seen: seen.size };
      requestAnimationFrame(look);
    };
    look();
  }, said);
}

export const watched = (page: Page): Promise<Watched> => page.evaluate(() => (window as unknown as { watched: Watched }).watched);

/**
 * The bottom edges of the visible messages, by position, once nothing has moved for two frames; given `before`, only
 * after something has moved. Not the top edges: the oldest loaded message shows its author above it until the previous
 * one turns out to be by the same author.
 */
export async function positions(page: Page, before?: ReadonlyMap<number, number>): Promise<Map<number, number>> {
  const found = await page.evaluate(async (stood) => {
    const log = document.querySelector('[role="log"]')!;
    const frame = log.getBoundingClientRect();
    const read = (): [number, number][] =>
      [...log.querySelectorAll<HTMLElement>('.chat-log-row[data-row^="m"]')]
        .map((row) => ({ seq: Number(row.dataset['row']!.slice(1)), box: row.getBoundingClientRect() }))
        .filter(({ box }) => box.bottom > frame.top && box.top < frame.bottom)
        .map(({ seq, box }) => [seq, box.bottom]);
    const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
    const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    const end = performance.now() + 5000;
    for (let last = read(); ; ) {
      await nextFrame();
      await nextFrame();
      const now = read();
      if ((same(now, last) && !same(now, stood)) || performance.now() > end) return now;
      last = now;
    }
  }, before && [...before]);
  return new Map(found);
}

/** How far the messages visible both before and after have moved down; undefined if there are none. All must agree. */
export function moved(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number | undefined {
  const by = [...after].flatMap(([seq, end]) => (before.has(seq) ? [end - before.get(seq)!] : []));
  if (!by.length) return undefined;
  const [least, most] = [Math.min(...by), Math.max(...by)];
  if (most - least > 1) throw new Error(`messages moved apart: by ${least} to ${most} pixels`);
  return most;
}
