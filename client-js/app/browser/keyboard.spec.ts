import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';

test('everything in a room is done with the keyboard', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'moderator');
  await page.goto(`/e/${slug}/lobby`);
  await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();

  await test.step('the first key leads past the navigation', async () => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });

  await test.step('into a room by its link; the heading has the focus', async () => {
    const room = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Aula' });
    await room.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Aula', level: 1 })).toBeFocused();
  });

  const talk = new Talk(page, 'Aula');
  await test.step('write, send, and find what was written in the log', async () => {
    await expect(talk.composer).toBeVisible();
    await page.keyboard.press('c');
    await expect(talk.composer).toBeFocused();
    await page.keyboard.type('By key alone');
    await page.keyboard.press('Enter');
    await talk.expectSettled('By key alone');
    await expect(talk.composer).toBeFocused();
  });

  await test.step('through the log by arrows, and an answer by one key', async () => {
    await talk.message('By key alone').focus();
    await page.keyboard.press('ArrowUp');
    await expect(talk.message('By key alone')).not.toBeFocused();
    await expect(talk.log.locator('[data-message]:focus')).toHaveCount(1);
    await page.keyboard.press('ArrowDown');
    await expect(talk.message('By key alone')).toBeFocused();
    await page.keyboard.press('r');
    await expect(talk.composer).toBeFocused();
    await page.keyboard.type('An answer');
    await page.keyboard.press('Enter');
    await talk.expectSettled('An answer');
    await expect(talk.message('An answer')).toContainText('Reply to');
  });

  await test.step('the menu of a message opens, closes, and gives the focus back', async () => {
    await talk.message('By key alone').focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu');
    await expect(menu).toBeVisible();
    await expect(menu.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(menu.getByRole('menuitem').nth(1)).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(page.locator('body')).not.toBeFocused();
  });

  await test.step('a dialog takes the focus, and gives it back when it has done its work', async () => {
    const others = talk.message('Question for later');
    await others.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Time out' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Time out Ines Berger' });
    await expect(dialog.getByLabel('Where')).toBeFocused();
    await dialog.getByLabel('Reason').focus();
    await page.keyboard.type('By key');
    await dialog.getByRole('button', { name: 'Time out' }).focus();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(others.getByRole('button', { name: /^Actions for the message/ })).toBeFocused();
  });

  await test.step('the keys are told, and the dialog closes by key', async () => {
    await talk.message('By key alone').focus();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(talk.message('By key alone')).toBeFocused();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await expect(page.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();
  });
});
