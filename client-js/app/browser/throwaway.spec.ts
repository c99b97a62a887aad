import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveBuilt } from './built.ts';
import { signIn, slug, startSample } from './sample.ts';
import { Talk } from './talk.ts';
import { expect, expectAccessible, test } from './test.ts';

// A throwaway capability in the real app: it is added by one line in the list, and nothing else.

const app = fileURLToPath(new URL('..', import.meta.url));
const manifest = join(app, 'test/throwaway/manifest.ts');
let built: string;

test.beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'plenary-throwaway-'));
  await build({
    root: app,
    configFile: join(app, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: built, emptyOutDir: true },
    plugins: [
      {
        name: 'one-line-more',
        enforce: 'pre',
        transform: (code, id) =>
          id.endsWith('/src/shell/list.ts') ? `import throwaway from ${JSON.stringify(manifest)};\n${code.replace(/\n\];/, '\n  throwaway,\n];')}` : undefined,
      },
    ],
  });
});
test.afterAll(() => rm(built, { recursive: true, force: true }));

test('a capability plugs in by its manifest alone', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await serveBuilt(page, built);
  await signIn(hub, page, 'organizer');
  await page.goto(`/e/${slug}/lobby`);
  await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
  const place = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Coffee' });
  const kettle = page.getByRole('complementary', { name: 'The kettle is on' });

  await test.step('its place leads to its page, and so do its keys', async () => {
    await place.click();
    await expect(page.getByRole('heading', { name: 'Coffee break', level: 1 })).toBeFocused();
    await expect(place).toHaveAttribute('aria-current', 'page');
    await page.goto(`/e/${slug}/lobby`);
    await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText('Go for a coffee');
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await expect(page.getByRole('heading', { name: 'Coffee break', level: 1 })).toBeVisible();
  });

  await test.step('what it has on screen stays there from page to page', async () => {
    await expect(kettle).toBeHidden();
    await page.getByRole('button', { name: 'Put the kettle on' }).click();
    await kettle.getByRole('button').click();
    await kettle.getByRole('button').click();
    await expect(place).toContainText('brewing');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Aula' }).click();
    await expect(page.getByRole('heading', { name: 'Aula', level: 1 })).toBeVisible();
    await expect(kettle.getByRole('button')).toHaveText('2');
  });

  const talk = new Talk(page, 'Aula');
  await test.step('a message has its action, which opens its dialog', async () => {
    await talk.choose('Question for later', 'Offer a coffee');
    const dialog = page.getByRole('dialog', { name: 'A coffee with Ines Berger' });
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('a person has its action', async () => {
    await talk.message('Question for later').getByRole('button', { name: /^Actions for Ines/ }).click();
    await page.getByRole('menuitem', { name: 'Coffee with Ines Berger' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  await test.step('a room has its panel', async () => {
    await page.getByRole('tab', { name: 'Coffee' }).click();
    await expect(page.getByRole('tabpanel')).toHaveText('Coffee in Aula');
  });

  await test.step('the organizers have its section', async () => {
    await page.goto(`/e/${slug}/organize`);
    await page.getByRole('navigation', { name: 'Organizers’ sections' }).getByRole('link', { name: 'Coffee' }).click();
    await expect(page).toHaveURL(/\/organize\/coffee$/);
    await expect(page.getByRole('heading', { name: 'Coffee budget' })).toBeVisible();
  });
});
