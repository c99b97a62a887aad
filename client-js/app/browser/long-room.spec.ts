import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';

/** So tall that three of them fill the log. */
const tall = (number: number): string => [`Message ${number}`, ...Array.from({ length: 12 }, (_, line) => `line ${line + 1}`)].join('\n');
const each = 9;

test('of a long talk only what is near is in the page', async ({ hub, person }) => {
  await startSample(hub);
  const talks: Talk[] = [];
  for (const part of ['organizer', 'moderator', 'attendee'] as const) {
    const page = await person();
    await signIn(hub, page, part);
    await page.goto(`/e/${slug}/lobby`);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Library' }).click();
    await expect(page.getByRole('heading', { name: 'Library', level: 1 })).toBeVisible();
    talks.push(new Talk(page, 'Library'));
  }
  for (const [index, talk] of talks.entries()) {
    for (let number = 0; number < each; number += 1) await talk.send(tall(index * each + number));
  }
  const [reader] = talks as [Talk];
  const last = reader.message(`Message ${talks.length * each - 1}`);
  await expect(last).toBeVisible();
  const articles = reader.log.getByRole('article');
  await expect.poll(() => articles.count(), 'messages in the page, of 27').toBeLessThan(16);

  await last.focus();
  await reader.page.keyboard.press('Home');
  await expect(last).toHaveCount(0);
  await expect.poll(() => articles.count()).toBeLessThan(20);
  await reader.page.keyboard.press('End');
  await expect(last).toBeVisible();
});
