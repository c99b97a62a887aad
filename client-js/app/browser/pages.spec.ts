import type { Page } from '@playwright/test';
import { signIn, slug, startSample } from './sample.ts';
import { expect, expectAccessible, test } from './test.ts';

// Every page, as somebody sees it who may see it, on a phone and a wide screen, in light and dark. With SCREENSHOTS=1
// pictures of all of them are kept in test-results, to be looked at.

const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** The addresses of the event's pages, with things that the sample conference has. */
async function addresses(page: Page): Promise<string[]> {
  const read = async <T>(path: string): Promise<T> => (await (await page.request.get(`/api/v1/events/${slug}/${path}`)).json()) as T;
  const { items: rooms } = await read<{ items: { id: string }[] }>('rooms');
  const { sessions } = await read<{ sessions: { id: string }[] }>('agenda');
  const { items: people } = await read<{ items: { id: string }[] }>('people');
  const sections = ['rooms', 'tickets', 'questions', 'import', 'roles', 'registrations'];
  return [
    '/', '/create', `/e/${slug}`, `/e/${slug}/lobby`, `/e/${slug}/agenda`, `/e/${slug}/agenda/${sessions[0]?.id}`,
    `/e/${slug}/rooms`, `/e/${slug}/rooms/${rooms[0]?.id}`, `/e/${slug}/messages`, `/e/${slug}/people`,
    `/e/${slug}/people/${people[0]?.id}`, `/e/${slug}/profile`, `/e/${slug}/moderate`, `/e/${slug}/organize`,
    ...sections.map((section) => `/e/${slug}/organize/${section}`),
  ];
}

async function look(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await expectAccessible(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${path} fits the width`).toBeLessThanOrEqual(0);
  if (process.env['SCREENSHOTS'] !== undefined) {
    await page.screenshot({ path: `../../test-results/pages/${name}${path.replaceAll('/', '-').replace(/-[0-9a-f]{8}-.*/, '-one')}.png` });
  }
}

for (const [screen, viewport] of Object.entries(screens)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every page on a ${screen} in ${colorScheme} has no finding`, async ({ hub, person }) => {
      test.setTimeout(180_000);
      await startSample(hub);
      const page = await person({ viewport, colorScheme });
      for (const path of ['/sign-in', `/e/${slug}`, `/e/${slug}/register`, '/reset-password', '/confirm']) {
        await look(page, path, `${screen}-${colorScheme}-stranger`);
      }
      await signIn(hub, page, 'organizer');
      for (const path of await addresses(page)) await look(page, path, `${screen}-${colorScheme}`);
    });
  }
}

test('the narrowest screens need no scrolling sideways', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ viewport: { width: 320, height: 640 } });
  await signIn(hub, page, 'attendee');
  for (const path of ['lobby', 'agenda', 'rooms', 'messages', 'people', 'profile']) {
    await look(page, `/e/${slug}/${path}`, 'narrow');
  }
});
