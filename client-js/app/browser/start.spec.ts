import { slug, startSample } from './sample.ts';
import { expect, expectAccessible, test } from './test.ts';

for (const [size, viewport] of Object.entries({ phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } })) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the app starts on a ${size} in ${colorScheme} under the hub's strict headers`, async ({ person }) => {
      const page = await person({ viewport, colorScheme });
      for (const path of ['/', '/sign-in', '/e/no-such-event', '/no/such/page']) {
        await page.goto(path);
        await expect(page.getByRole('main')).toBeVisible();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectAccessible(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${path} fits the width`).toBeLessThanOrEqual(0);
      }
    });
  }
}

test('the page recovers after the hub was killed', async ({ hub, person }) => {
  const page = await person();
  await page.goto('/');
  await hub.kill();
  await hub.restart();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('whoever is not signed in visits without an error in the console', async ({ hub, browser }) => {
  await startSample(hub);
  const page = await browser.newPage({ baseURL: hub.address });
  const errors: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && errors.push(`${message.text()} ${message.location().url}`)));
  for (const path of ['/', '/sign-in', '/reset-password', `/e/${slug}`, `/e/${slug}/register`, `/e/${slug}/lobby`, `/e/${slug}/rooms/1`]) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  expect(errors).toEqual([]);
  await page.close();
});
