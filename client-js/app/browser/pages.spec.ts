import type { Page } from '@playwright/test';
import { addressesOf, type Reader } from './addresses.ts';
import { englishOn } from './english.ts';
import type { Hub } from './hub.ts';
import { startSample } from './sample.ts';
import { expect, expectAccessible, test } from './test.ts';

// Every page, as its readers see it, on a phone, a tablet and a wide screen, in light and dark, on the narrowest screen, in
// German, and from right to left. With SCREENSHOTS=1 screenshots of all of them are kept in test-results for review.

const screens = { phone: { width: 390, height: 844 }, tablet: { width: 820, height: 1180 }, desktop: { width: 1440, height: 900 } };

interface Run {
  /** The name of its screenshots. */
  name: string;
  readers: readonly Reader[];
  /** What happens to each page before it is examined. */
  before?: () => Promise<void>;
  /** What else must be true of each page. */
  also?: () => Promise<void>;
}

async function lookAtEveryPage(hub: Hub, page: Page, { name, readers, before, also }: Run): Promise<void> {
  test.setTimeout(240_000);
  await startSample(hub);
  const look = async (picture: string): Promise<void> => {
    await before?.();
    await expectWell(page);
    await also?.();
    if (process.env['SCREENSHOTS'] !== undefined) await keepPicture(page, `${name}-${picture}`);
  };
  for (const reader of readers) {
    for (const path of await addressesOf(reader, hub, page)) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await look(`${reader}${path}`);
      // The content behind a tab has no address of its own.
      for (const [place, tab] of (await page.getByRole('tab').all()).entries()) {
        if (place === 0) continue;
        await tab.click();
        await look(`${reader}-tab-${place}${path}`);
      }
    }
  }
}

async function expectWell(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"], .skeleton')).toHaveCount(0);
  await expectAccessible(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${page.url()} fits the width`).toBeLessThanOrEqual(0);
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const file = name.replaceAll('/', '-').replace(/-[0-9a-f]{8}-.*/, '-one');
  await page.screenshot({ path: `../../test-results/pages/${file}.png`, fullPage: true });
}

for (const [screen, viewport] of Object.entries(screens)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every page on a ${screen} in ${colorScheme} has no finding`, async ({ hub, person }) => {
      const page = await person({ viewport, colorScheme });
      await lookAtEveryPage(hub, page, { name: `${screen}-${colorScheme}`, readers: ['stranger', 'organizer'] });
    });
  }
}

test('every page fits the narrowest screen without scrolling sideways', async ({ hub, person }) => {
  const page = await person({ viewport: { width: 320, height: 640 } });
  await lookAtEveryPage(hub, page, { name: 'narrow', readers: ['stranger', 'attendee', 'moderator', 'organizer'] });
});

test('every page is German for German readers', async ({ hub, person }) => {
  const page = await person({ viewport: screens.phone, locale: 'de-DE' });
  const also = async (): Promise<void> => {
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    expect.soft(await englishOn(page), `English on ${page.url()}`).toEqual([]);
  };
  await lookAtEveryPage(hub, page, { name: 'german', readers: ['stranger', 'attendee', 'moderator', 'organizer'], also });
});

for (const [screen, viewport] of Object.entries({ phone: screens.phone, desktop: screens.desktop })) {
  test(`every page can be read from right to left on a ${screen}`, async ({ hub, person }) => {
    const page = await person({ viewport });
    // The app's own languages are written from left to right; its styles only depend on the document's direction.
    const before = async (): Promise<void> => page.evaluate(() => void (document.documentElement.dir = 'rtl'));
    const also = async (): Promise<void> => {
      const { left, right } = await page.getByRole('heading', { level: 1 }).evaluate((heading) => {
        const words = document.createRange();
        words.selectNodeContents(heading);
        const { left, right } = words.getBoundingClientRect();
        const around = (heading.closest('main') ?? document.body).getBoundingClientRect();
        return { left: left - around.left, right: around.right - right };
      });
      expect.soft(right, `the heading of ${page.url()} begins at the right`).toBeLessThanOrEqual(left + 1);
    };
    await lookAtEveryPage(hub, page, { name: `rtl-${screen}`, readers: ['stranger', 'organizer'], before, also });
  });
}
