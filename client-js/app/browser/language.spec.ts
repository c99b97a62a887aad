import { join } from 'node:path';
import { build } from 'vite';
import { withThirdLanguage, type Copy } from '../test/third-language.ts';
import { serveBuilt } from './built.ts';
import { signIn, slug, startSample } from './sample.ts';
import { expect, expectAccessible, test } from './test.ts';

// A third language, written from right to left, in the real app: only files were added.

let copy: Copy;
const built = (): string => join(copy.folder, 'dist');

test.beforeAll(async () => {
  copy = await withThirdLanguage();
  await build({ root: copy.folder, configFile: join(copy.folder, 'vite.config.ts'), logLevel: 'error' });
});
test.afterAll(() => copy.remove());

test('a language is added by its files alone, and mirrors the pages', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ viewport: { width: 1280, height: 800 } });
  await serveBuilt(page, built());
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  const arabic = (): string[] => asked.filter((path) => /^\/assets\/ar-.*\.js$/.test(path));
  await signIn(hub, page, 'attendee');
  await page.goto(`/e/${slug}/agenda`);
  await expect(page.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();
  const sidebar = page.getByRole('navigation', { name: 'Main' });
  expect((await sidebar.boundingBox())!.x).toBeLessThan(100);
  expect(arabic(), 'before it is wanted').toEqual([]);

  await page.getByRole('button', { name: 'Theme, Language' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'العربية' }).click();
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
  await expect(page.getByRole('heading', { name: 'البرنامج', level: 1 })).toBeVisible();
  await expect(sidebar.getByRole('link', { name: 'البرنامج' })).toBeVisible();
  expect(arabic().length).toBeGreaterThan(0);
  expect((await sidebar.boundingBox())!.x, 'at the other side').toBeGreaterThan(900);
  await expect(sidebar.getByRole('link', { name: 'Lobby' }), 'what it lacks is English').toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await expect(page.locator('html'), 'it is remembered').toHaveAttribute('dir', 'rtl');
  await expect(page.getByRole('button', { name: 'Starred only' }), 'English has come for it').toBeVisible();
  await page.getByRole('button', { name: 'Theme, Language' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  await expect(page.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();
});
