import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, expectAccessible, test } from './test.ts';
import { voiceOf } from './voice.ts';

const idOf = async (page: Page): Promise<string> => ((await (await page.request.get('/api/v1/me')).json()) as { id: string }).id;

async function openRoom(hub: Hub, page: Page): Promise<{ talk: Talk; channel: string }> {
  await startSample(hub, '--message-burst', '500', '--messages-per-second', '500');
  await signIn(hub, page, 'attendee');
  const { items } = (await (await page.request.get(`/api/v1/events/${slug}/rooms`)).json()) as { items: { id: string; name: string; channel: string }[] };
  const room = items.find(({ name }) => name === 'Library')!;
  await page.goto(`/e/${slug}/rooms/${room.id}`);
  return { talk: new Talk(page, 'Library'), channel: room.channel };
}

test('whoever comes to a message hears who wrote it, when, and what it says', async ({ hub, person }) => {
  const page = await person();
  const { talk } = await openRoom(hub, page);
  await talk.say('The first of two');
  await talk.say('The second, which continues it');
  const time = String.raw`\d{1,2}:\d{2}`;
  for (const text of ['The first of two', 'The second, which continues it']) {
    await expect(talk.message(text)).toHaveAccessibleName(new RegExp(`^[^,]+, ${time} ${text}$`));
  }
  await talk.choose('The second, which continues it', 'Reply');
  await talk.say('An answer');
  await expect(talk.message('An answer')).toHaveAccessibleName(new RegExp(`, ${time} Reply to [^:]+: The second, which continues it An answer$`));
  await expectAccessible(page);
});

test('messages are in the page in the order in which they are read, wherever the focus is', async ({ hub, person }) => {
  const page = await person();
  const { talk, channel } = await openRoom(hub, page);
  const voice = await voiceOf(hub, page);
  const joined = await voice.join(channel);
  for (let number = 0; number < 90; number += 1) await joined.send(`Number ${number}.`);
  voice.close();
  await expect(talk.message('Number 89.')).toBeVisible();
  const order = (): Promise<number[]> => talk.log.locator('[data-row^="m"]').evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['row']!.slice(1))));
  const scroll = (by: number): Promise<void> => talk.log.evaluate((log, pixels) => log.scrollBy(0, pixels), by);

  await talk.message('Number 89.').focus();
  for (const by of [-1600, 1600]) {
    await scroll(by);
    await expect(talk.log.locator('[data-message]:focus')).toHaveCount(1);
    const rows = await order();
    expect(rows).toEqual(rows.toSorted((one, other) => one - other));
    await talk.message('Number 60.').or(talk.message('Number 89.')).last().focus();
  }
});

test('what somebody writes to a person is told wherever they are, once', async ({ hub, person }) => {
  const [page, others] = [await person(), await person()];
  await openRoom(hub, page);
  await signIn(hub, others, 'organizer');
  const voice = await voiceOf(hub, others);
  const direct = await voice.join((await voice.directs.open([await idOf(page)])).channel);
  const told = page.getByRole('status').getByText('Direct message from');

  await direct.send('Tea after the opening?');
  await expect(told).toHaveText(/^Direct message from .+: Tea after the opening\?$/);
  await direct.send('Or before?');
  await expect(told).toHaveCount(2);

  await test.step('but the open conversation only tells its own', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Messages' }).click();
    await page.locator('.directs-conversation').first().click();
    await expect(page.getByRole('log')).toBeVisible();
    await direct.send('I see you.');
    await expect(page.getByRole('status').getByText('I see you.')).toHaveText(/^(?!Direct).*: I see you\.$/);
    await expect(told).toHaveCount(2);
  });
  voice.close();
});

test('countdowns have words', async ({ hub, person }) => {
  const page = await person();
  await openRoom(hub, page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Lobby' }).click();
  const waits = page.locator('.wait');
  await expect(waits.first()).toBeVisible();
  for (const wait of await waits.all()) {
    await expect(wait).toHaveAttribute('aria-hidden', 'true');
    await expect(wait.locator('xpath=following-sibling::*[1]')).toHaveText(/^(in )?\d+ (minute|hour|day)s?$/);
  }
  await expectAccessible(page);
});
