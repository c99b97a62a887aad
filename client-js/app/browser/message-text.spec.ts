import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, expectAccessible, test } from './test.ts';

test('a message is written with an input method, holds links, and is folded when it is long', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'attendee');
  const { items } = (await (await page.request.get(`/api/v1/events/${slug}/rooms`)).json()) as { items: { id: string; name: string }[] };
  await page.goto(`/e/${slug}/rooms/${items.find(({ name }) => name === 'Library')!.id}`);
  const talk = new Talk(page, 'Library');
  const press = (key: string, keyCode: number, isComposing = false) => talk.composer.dispatchEvent('keydown', { key, keyCode, isComposing });

  for (const [browser, order] of [['Safari', 'after'], ['Chromium and Firefox', 'before']] as const) {
    await test.step(`Enter that ends a composition sends nothing, as ${browser} sends it`, async () => {
      await talk.composer.fill(`日本語 ${order}`);
      await talk.composer.dispatchEvent('compositionstart');
      if (order === 'before') await press('Enter', 229, true);
      await talk.composer.dispatchEvent('compositionend');
      if (order === 'after') await press('Enter', 229);
      await expect(talk.composer).toHaveValue(`日本語 ${order}`);
      await expect(talk.message(`日本語 ${order}`)).toHaveCount(0);
      await press('Enter', 13);
      await talk.expectSettled(`日本語 ${order}`);
      await expect(talk.composer).toHaveValue('');
    });
  }

  await test.step('neither does it choose who is mentioned, nor end an edit', async () => {
    await talk.choose('日本語 before', 'Edit');
    await talk.composer.dispatchEvent('compositionstart');
    await talk.composer.dispatchEvent('compositionend');
    await press('Escape', 229);
    await press('Enter', 229);
    await expect(talk.composer).toHaveValue('日本語 before');
    await press('Escape', 27);
    await expect(talk.composer).toHaveValue('');
  });

  await test.step('links are links, and those with other words say where they lead', async () => {
    await talk.send('「https://docs.example/start」と [the paper](https://docs.example/paper)。');
    const message = talk.message('the paper');
    await expect(message.getByRole('link', { name: 'https://docs.example/start', exact: true })).toHaveAttribute('href', 'https://docs.example/start');
    await expect(message.getByRole('link', { name: 'the paper', exact: true })).toHaveAttribute('href', 'https://docs.example/paper');
    await expect(message.locator('.chat-message-text')).toHaveText('「https://docs.example/start」と the paper (docs.example)。');
  });

  await test.step('1,500 lines are folded, shown in place, and folded again', async () => {
    const lines = Array.from({ length: 1500 }, (_, number) => (number % 100 ? '' : `line ${number}`));
    await talk.composer.fill(lines.join('\n'));
    await talk.composer.press('Enter');
    const message = talk.message('line 0');
    await expect(message).not.toHaveAttribute('data-pending');
    const height = async (): Promise<number> => (await message.boundingBox())!.height;
    expect(await height()).toBeLessThan(500);
    await expectAccessible(page);

    await message.getByRole('button', { name: 'Show all' }).click();
    await expect(message).toContainText('line 1400');
    await expect.poll(height).toBeGreaterThan(10_000);
    await expect(message.getByText('line 0'), 'its beginning is still there').toBeInViewport();

    await message.getByRole('button', { name: 'Show less' }).scrollIntoViewIfNeeded();
    await message.getByRole('button', { name: 'Show less' }).click();
    await expect.poll(height).toBeLessThan(500);
    await expect(message.getByRole('button', { name: 'Show all' })).toBeInViewport();
  });
});
