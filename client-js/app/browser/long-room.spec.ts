import type { Plenary } from 'plenary-client';
import { everythingSaid, fill, moved, positions, watch, watched } from './long-talk.ts';
import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';
import { voiceOf } from './voice.ts';

const count = 3000;
/** The most rows drawn at once: the visible ones, and about as many above and below. */
const mostInPage = 100;
/** Pixels of one turn of the wheel, and of a long scroll: less than the log's height, so that something stays in view. */
const notch = 120;
const stroke = 1200;

// Tracing a thousand small steps takes longer than the steps themselves.
test.use({ trace: 'off' });

test('a talk of 3,000 messages is read from its end to its start and back, and only nearby messages are in the page', async ({ hub, person }) => {
  // As fast as the hub takes them.
  await startSample(hub, '--message-burst', '5000', '--messages-per-second', '5000');
  const voices: Plenary[] = [];
  const pages = [await person({ viewport: { width: 1280, height: 1600 } }), await person(), await person()] as const;
  for (const [index, part] of (['organizer', 'moderator', 'attendee'] as const).entries()) {
    await signIn(hub, pages[index]!, part);
    for (let number = 0; number < 5; number += 1) voices.push(await voiceOf(hub, pages[index]!));
  }
  const [page] = pages;
  const { items } = (await (await page.request.get(`/api/v1/events/${slug}/rooms`)).json()) as { items: { id: string; name: string; channel: string }[] };
  const room = items.find(({ name }) => name === 'Library')!;

  const said = await test.step('15 connections fill the room', async () => {
    await fill(voices, room.channel, count);
    return everythingSaid(voices[0]!, room.channel);
  });
  for (const voice of voices) voice.close();
  expect(said.length).toBeGreaterThanOrEqual(count);

  await page.goto(`/e/${slug}/rooms/${room.id}`);
  const talk = new Talk(page, 'Library');
  const articles = talk.log.getByRole('article');
  await expect(articles.last()).toBeVisible();
  const beginning = talk.log.getByText('This is the start of the conversation.');
  await watch(page, said);

  let standing = await positions(page);
  /** Turns the wheel once the older page has loaded without moving anything, and returns how far the visible messages have moved. */
  const turn = async (pixels: number, inaccuracy: number): Promise<number> => {
    await expect(page.getByText('Loading older messages')).toHaveCount(0);
    const ready = await positions(page);
    expect(Math.abs(moved(standing, ready) ?? NaN), 'what is read stays where it is').toBeLessThan(inaccuracy);
    await page.mouse.wheel(0, -pixels);
    standing = await positions(page, ready);
    return moved(ready, standing) ?? NaN;
  };

  await test.step('turn by turn: what is read moves with the wheel, also while older pages come', async () => {
    await talk.log.hover();
    for (let number = 0; number < 40; number += 1) expect(Math.abs((await turn(notch, 1.5)) - notch)).toBeLessThan(1.5);
  });

  await test.step('in long strokes to the start: nothing is missing', async () => {
    while (!(await beginning.isVisible())) {
      // Heights of rows that were never laid out are estimates: scrolling there is less exact.
      const by = await turn(stroke, 50);
      // Less at the oldest loaded message.
      expect(by).toBeGreaterThan(0);
      expect(by).toBeLessThan(stroke * 1.1);
    }
    expect(await watched(page)).toMatchObject({ faults: [], seen: said.length });
  });

  await test.step('by keys to the end and to the start again', async () => {
    await articles.first().focus();
    await page.keyboard.press('End');
    const last = articles.last();
    await expect(last).toBeFocused();
    await expect(last).toContainText(said.at(-1)!.text.split('\n')[0]!);
    while (!(await beginning.isVisible())) {
      await page.keyboard.press('Home');
      await positions(page);
    }
    // The last page may be so short that its start was visible at once.
    await page.keyboard.press('Home');
    await expect(articles.first()).toBeFocused();
    for (let number = 0; number < 20; number += 1) await page.keyboard.press('ArrowDown');
    await expect(articles.filter({ hasText: said[20]!.text.split('\n')[0]! }).first()).toBeFocused();
  });

  const { most, faults } = await watched(page);
  expect(faults).toEqual([]);
  expect(most, 'messages in the page at once').toBeLessThan(mostInPage);
});
