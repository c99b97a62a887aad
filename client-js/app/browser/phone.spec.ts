import type { Page } from '@playwright/test';
import { signIn, slug, startSample } from './sample.ts';
import { expectConnected } from './steps.ts';
import { Talk } from './talk.ts';
import { expect, expectAccessible, test } from './test.ts';

/** What the keyboard leaves of three phones, and a wide screen at 400 %. */
const low = [
  [390, 470],
  [360, 380],
  [844, 390],
  [320, 256],
] as const;

/** A phone, as a context has it. */
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

/** The address of a room in which much is said. */
async function roomAddress(page: Page): Promise<string> {
  const answer = await page.request.get(`/api/v1/events/${slug}/rooms`);
  const { items } = (await answer.json()) as { items: { id: string; name: string }[] };
  return `/e/${slug}/rooms/${items.find(({ name }) => name === 'Aula')!.id}`;
}

/** How much of the screen's height the log has, and by how much the page is higher or wider than the screen. */
async function measured(talk: Talk): Promise<{ log: number; excess: number }> {
  return talk.log.evaluate((log) => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    const box = log.getBoundingClientRect();
    const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
    return { log: seen / innerHeight, excess: Math.max(scrollHeight - innerHeight, scrollWidth - innerWidth) };
  });
}

test('with the keyboard open, one sees what one answers', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person(phone);
  await signIn(hub, page, 'attendee');
  await page.goto(await roomAddress(page));
  const talk = new Talk(page, 'Aula');
  const places = page.getByRole('navigation', { name: 'Main' });
  await expect(places).toBeVisible();
  await expectConnected(page);

  for (const [width, height] of low) {
    await test.step(`on ${width} × ${height}`, async () => {
      await page.setViewportSize({ width, height });
      await talk.composer.tap();
      await expect(places, 'gives way').toBeHidden();
      await expect(page.getByRole('heading', { level: 1 }), 'gives way').toBeHidden();
      expect(await measured(talk)).toEqual({ log: expect.closeTo(0.75, 0.25), excess: expect.closeTo(0, 0) });
      await expect(talk.composer).toBeInViewport({ ratio: 1 });

      // A long message takes its space from the log, but leaves half of the screen to it.
      const text = Array.from({ length: 9 }, (_, line) => `Line ${line} on ${width}`).join('\n');
      await talk.composer.fill(text);
      expect((await measured(talk)).log).toBeGreaterThanOrEqual(0.5);

      await page.getByRole('button', { name: 'Send' }).tap();
      await talk.expectSettled(`Line 8 on ${width}`);
      await expect(talk.composer, 'the keyboard stays').toBeFocused();
      await expect(places).toBeHidden();

      await talk.composer.blur();
      await expect(places, 'comes back').toBeVisible();
      await expectAccessible(page);
    });
  }

  await test.step('and where one does not write, the log can be brought to sight', async () => {
    for (const [width, height] of low) {
      await page.setViewportSize({ width, height });
      await talk.log.scrollIntoViewIfNeeded();
      const { log } = await measured(talk);
      expect(log * height, `${width} × ${height}`).toBeGreaterThan(85);
    }
  });

  await test.step('with a keyboard that lies over the page, as on iOS, the page ends above it', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await talk.composer.tap();
    await page.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => 500 });
      visualViewport!.dispatchEvent(new Event('resize'));
    });
    await expect(places).toBeHidden();
    const bottom = await talk.composer.evaluate((field) => field.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(500);
    await page.evaluate(() => {
      Reflect.deleteProperty(visualViewport!, 'height');
      visualViewport!.dispatchEvent(new Event('resize'));
    });
    await expect(places).toBeVisible();
  });

  await test.step('the same in a conversation', async () => {
    await page.goto(`/e/${slug}/people`);
    await page.getByRole('button', { name: /^Write to / }).first().click();
    await page.waitForURL(/\/messages\//);
    const direct = page.getByRole('textbox', { name: /^Message to/ });
    await page.setViewportSize({ width: 360, height: 380 });
    await direct.tap();
    await expect(places).toBeHidden();
    const open = page.locator('.chat-log-frame, .chat-log-wait');
    expect((await open.boundingBox())!.height).toBeGreaterThan(190);
  });
});

/** The layout shifts since the page was opened, without those that somebody's own action caused. */
async function shifts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const entries = list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[];
          resolve(entries.reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0));
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(0), 1000);
      }),
  );
}

/** What may come last: nothing in particular, or one of the answers. */
const late = [undefined, 'agenda', 'rooms', 'stars', 'sign-in'] as const;

test('what comes later moves nothing that is there, on a slow phone', async ({ hub, person }) => {
  await startSample(hub);
  const first = await person();
  await signIn(hub, first, 'attendee');
  const room = await roomAddress(first);
  const storageState = await first.context().storageState();

  for (const path of [`/e/${slug}/lobby`, room]) {
    for (const answer of late) {
      const page = await person({ ...phone, storageState });
      const browser = await page.context().newCDPSession(page);
      await browser.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await browser.send('Network.enable');
      await browser.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 });
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      if (answer !== undefined) {
        await page.route(`**/api/v1/**/${answer}`, async (route) => {
          await held;
          await route.continue();
        });
      }
      await page.goto(path);
      // Everything else is there, and has been drawn.
      if (answer === 'sign-in') await expect(page.locator('.skeleton').first()).toBeVisible();
      else await expectConnected(page);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      release();
      await expectConnected(page);
      await page.waitForLoadState('networkidle');
      await expect(page.locator('.skeleton')).toHaveCount(0);
      expect.soft(await shifts(page), `${path} when ${answer ?? 'nothing'} is late`).toBeLessThanOrEqual(0.05);
      await page.close();
    }
  }
});
