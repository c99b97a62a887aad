import type { Locator, Page } from '@playwright/test';
import type { Channel, Plenary } from 'plenary-client';
import type { Hub } from './hub.ts';
import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';
import { voiceOf } from './voice.ts';

/** How often each thing is tried: it may not happen even once. */
const times = 6;

interface BusyRoom {
  page: Page;
  talk: Talk;
  /** Somebody else's message arrives: resolves when the page has drawn it. */
  messageArrives: () => Promise<void>;
  voice: Plenary;
}

/** A moderator in a room whose log is full, and somebody who goes on talking. */
async function busyRoom(hub: Hub, person: () => Promise<Page>): Promise<BusyRoom> {
  await startSample(hub, '--message-burst', '5000', '--messages-per-second', '5000');
  const [page, others] = [await person(), await person()];
  await signIn(hub, page, 'moderator');
  await signIn(hub, others, 'attendee');
  const voice = await voiceOf(hub, others);
  const { items } = (await (await page.request.get(`/api/v1/events/${slug}/rooms`)).json()) as { items: { id: string; name: string; channel: string }[] };
  const room = items.find(({ name }) => name === 'Library')!;
  const channel: Channel = await voice.join(room.channel);
  for (let number = 0; number < 60; number += 1) await channel.send(`Before: ${number}.`);

  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await page.goto(`/e/${slug}/rooms/${room.id}`);
  const talk = new Talk(page, 'Library');
  await expect(talk.message('Before: 59.')).toBeVisible();
  let number = 0;
  const messageArrives = async (): Promise<void> => {
    const text = `News: ${(number += 1)}.`;
    await channel.send(text);
    await expect.poll(() => frames.some((frame) => frame.includes(text))).toBe(true);
    // It is drawn with the next frame.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  };
  return { page, talk, messageArrives, voice };
}

/** Neither visible nor focused differently after each of several messages. */
async function expectUndisturbed({ messageArrives }: BusyRoom, shown: Locator, focused: Locator): Promise<void> {
  await expect(focused).toBeFocused();
  const place = await shown.boundingBox();
  for (let time = 0; time < times; time += 1) {
    await messageArrives();
    await expect(shown).toBeVisible();
    await expect(focused).toBeFocused();
  }
  expect(await shown.boundingBox(), 'it stays where the hand is').toEqual(place);
}

test('new messages never close what is open, and never move the focus', async ({ hub, person }) => {
  const room = await busyRoom(hub, () => person());
  const { page, talk } = room;
  const more = (of: Locator): Locator => of.getByRole('button', { name: /^Actions for the message/ });

  await test.step('the menu of the newest message, opened with the mouse', async () => {
    const message = talk.message('Before: 59.');
    await message.hover();
    await more(message).click();
    const menu = page.getByRole('menu');
    await expectUndisturbed(room, menu, menu.getByRole('menuitem').first());
    await expect(message, 'its message stays beside it').toBeInViewport();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(more(message)).toBeFocused();
  });

  await test.step('a dialog opened from it, and what is typed there', async () => {
    const message = talk.message('Before: 59.');
    await more(message).click();
    await page.getByRole('menuitem', { name: 'Time out' }).click();
    const dialog = page.getByRole('dialog');
    const reason = dialog.getByLabel('Reason');
    await reason.pressSequentially('Stop th');
    await expectUndisturbed(room, dialog, reason);
    await reason.pressSequentially('at');
    await expect(reason).toHaveValue('Stop that');
    await page.keyboard.press('Escape');
    await expect(more(message)).toBeFocused();
  });

  await test.step('the reactions of a message', async () => {
    await page.keyboard.press('End');
    await page.mouse.move(0, 0);
    const message = talk.message(`News: ${times * 2}.`);
    await message.hover();
    await message.getByRole('button', { name: 'Add a reaction' }).click();
    const menu = page.getByRole('menu');
    await expectUndisturbed(room, menu, menu.getByRole('menuitem').first());
    await menu.getByRole('menuitem', { name: '🎉' }).click();
    await expect(message.getByRole('button', { name: '🎉, 1 person' })).toBeVisible();
  });

  await test.step('the message read with the keys stays focused and in view', async () => {
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    const focused = talk.log.locator('[data-message]:focus');
    await expectUndisturbed(room, focused, focused);
    await expect(focused).toBeInViewport();
    await page.keyboard.press('ArrowDown');
    await expect(focused).toHaveCount(1);
  });

  await test.step('the person menu in the list of people', async () => {
    await page.getByRole('tab', { name: /People/ }).click();
    const name = page.getByRole('tabpanel').getByRole('button', { name: /^Actions for/ }).first();
    await name.click();
    const menu = page.getByRole('menu');
    await expectUndisturbed(room, menu, menu.getByRole('menuitem').first());
    await page.keyboard.press('Escape');
    await expect(name).toBeFocused();
  });

  room.voice.close();
});
