import { signIn, startSample } from './sample.ts';
import { expect, test } from './test.ts';

test('the chat in ten lines works as the README prints it', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'attendee');
  await page.goto('/sdk/chat.html');
  const rows = page.getByRole('listitem');
  await expect(rows.first()).toBeVisible();
  const before = await rows.count();

  const field = page.getByLabel('Message');
  await field.press('Enter');
  await field.fill('  ');
  await field.press('Enter');
  await field.fill('hello');
  await field.press('Enter');
  await expect(field).toHaveValue('');
  // Without a trailing "sending" or "failed", and without leading empty lines.
  await expect(rows.first()).toHaveText(/^Sam Okoye: hello\s*$/);
  await expect(rows).toHaveCount(before + 1);

  await page.reload();
  await expect(rows.filter({ hasText: 'hello' })).toHaveCount(1);
});

test('the chat in ten lines tells people who are not signed in what to do', async ({ hub, browser }) => {
  const page = await browser.newPage({ baseURL: hub.address });
  await page.goto('/sdk/chat.html');
  await expect(page.getByRole('list')).toContainText(/sign in/i);
  await page.close();
});
