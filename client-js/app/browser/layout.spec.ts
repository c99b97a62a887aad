import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { signIn, slug, startSample } from './sample.ts';
import { expectConnected } from './steps.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';
import { voiceOf } from './voice.ts';

interface Room {
  id: string;
  name: string;
  channel: string;
}

async function roomsOf(page: Page): Promise<Room[]> {
  const answer = await page.request.get(`/api/v1/events/${slug}/rooms`);
  return ((await answer.json()) as { items: Room[] }).items;
}

/** Changes something as the organizer, through REST. */
async function change(page: Page, method: 'post' | 'patch', path: string, data: object): Promise<void> {
  const answer = await page.request[method](`/api/v1${path}`, { data });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
}

/** Times that take more than one line, or reach out of what they are in. */
const brokenTimes = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('time, .agenda-timetable-time, .agenda-cell-time')].flatMap((time) => {
      const words = document.createRange();
      words.selectNodeContents(time.firstChild ?? time);
      if (words.getClientRects().length === 0) return [];
      const lines = new Set([...words.getClientRects()].map(({ top }) => Math.round(top))).size;
      const { left, right } = words.getBoundingClientRect();
      // The timetable scrolls sideways in its place.
      const box = time.closest('.agenda-timetable, li, article, .chat-message, header, section')?.getBoundingClientRect();
      const out = box !== undefined && (left < box.left - 1 || right > box.right + 1);
      return lines > 1 || out ? [`${time.className || time.tagName} "${time.textContent}"${out ? ' out of its place' : ''}`] : [];
    }),
  );

/** Whether the time of a row lies over the text beside it. */
const overlaps = (page: Page, time: string, beside: string): Promise<boolean> =>
  page.evaluate(
    ([one, other]) =>
      [...document.querySelectorAll(one!)].some((element) => {
        const words = document.createRange();
        words.selectNodeContents(element);
        const next = element.closest('li, article')!.querySelector(other!);
        return next !== null && words.getBoundingClientRect().right > next.getBoundingClientRect().left;
      }),
    [time, beside],
  );

test('a 12-hour clock wraps and shifts nothing', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ locale: 'en-US' });
  await signIn(hub, page, 'attendee');
  const [aula] = await roomsOf(page);
  // Several in a row by one person: the later ones have their time at the side.
  const voice = await voiceOf(hub, page);
  const talk = await voice.join(aula!.channel);
  for (const text of ['one', 'two', 'three']) await talk.send(text);
  voice.close();

  for (const width of [360, 390, 820, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    await test.step(`at ${width} px`, async () => {
      await page.goto(`/e/${slug}/lobby`);
      await expect(page.locator('.event-next-row').first()).toBeVisible();
      await expect(page.locator('header time'), 'it is a 12-hour clock').toContainText(/[AP]M/);
      expect.soft(await brokenTimes(page), 'lobby').toEqual([]);
      expect.soft(await overlaps(page, '.event-next-when', '.event-next-what')).toBe(false);

      await page.goto(`/e/${slug}/agenda`);
      await expect(page.locator('.agenda-row').first()).toBeVisible();
      expect.soft(await brokenTimes(page), 'agenda').toEqual([]);
      if (width >= 820) {
        await page.getByRole('radio', { name: 'Timetable' }).check();
        await expect(page.locator('.agenda-cell').first()).toBeVisible();
        expect.soft(await brokenTimes(page), 'timetable').toEqual([]);
        await page.getByRole('radio', { name: 'List' }).check();
      }

      await page.goto(`/e/${slug}/rooms/${aula!.id}`);
      await new Talk(page, 'Aula').message('three').hover();
      expect.soft(await brokenTimes(page), 'room').toEqual([]);
      const heights = await page.locator('.chat-message[data-continued]', { hasText: /^[\d: ]+[AP]M(two|three)$/ }).evaluateAll((rows) => rows.map((row) => (row as HTMLElement).offsetHeight));
      expect.soft(heights.length).toBeGreaterThan(0);
      for (const height of heights) expect.soft(height, 'one line').toBeLessThan(32);
    });
  }
});

/** The name of a zone at a moment, as the page writes it. */
const zoneName = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at).find(({ type }) => type === 'timeZoneName')!.value;

test('the zone beside the clock is that of now, not that of the first day of the event', async ({ hub, person }) => {
  await startSample(hub);
  const organizer = await person();
  await signIn(hub, organizer, 'organizer');
  const zone = 'Europe/Berlin';
  const days = Array.from({ length: 8 }, (_, month) => Date.now() + (month + 1) * 45 * 86_400_000);
  const there = days.find((day) => zoneName(zone, day) !== zoneName(zone, Date.now()))!;
  await change(organizer, 'patch', `/events/${slug}`, { time_zone: zone, starts_at: there, ends_at: there + 86_400_000 });

  const page = await person({ timezoneId: 'America/New_York' });
  await signIn(hub, page, 'attendee');
  await page.goto(`/e/${slug}/lobby`);
  await expect(page.getByLabel(`Event time (${zoneName(zone, Date.now())})`)).toBeVisible();
  await expect(page.getByLabel(`My time (${zoneName('America/New_York', Date.now())})`)).toBeVisible();
});

/** Marks (numbers, dots, badges) that are on the page but not to be seen: cut off, covered, or outside. */
const hiddenMarks = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.badge, .count, .dot, .people-card .icon-button')].flatMap((mark) => {
      if (mark.offsetWidth === 0 || !mark.checkVisibility()) return [];
      mark.scrollIntoView({ block: 'center' });
      const { left, right, top, bottom } = mark.getBoundingClientRect();
      const seen = [left + 1, right - 1].every((x) => {
        const at = document.elementFromPoint(x, (top + bottom) / 2);
        // A link that covers its card is no cover.
        return at !== null && (mark.contains(at) || at.contains(mark) || at.matches('.cover-link') || at.closest('a, li') === mark.closest('a, li'));
      });
      const around = mark.closest('a, li, article, header, section');
      const inside = left >= 0 && right <= innerWidth && (around === null || (left >= around.getBoundingClientRect().left - 1 && right <= around.getBoundingClientRect().right + 1));
      return seen && inside ? [] : [`${mark.className} "${mark.textContent}" at ${Math.round(left)} to ${Math.round(right)}`];
    }),
  );

const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

async function withLongNames(hub: Hub, organizer: Page): Promise<Room> {
  await signIn(hub, organizer, 'organizer');
  const [aula] = await roomsOf(organizer);
  await change(organizer, 'patch', `/events/${slug}/rooms/${aula!.id}`, { name: `${long} and the hall` });
  await change(organizer, 'patch', '/me', { name: `${long}-Hohenlohe` });
  return aula!;
}

test('a long name never hides what stands beside it', async ({ hub, person }) => {
  await startSample(hub);
  const organizer = await person();
  const room = await withLongNames(hub, organizer);
  const page = await person();
  await signIn(hub, page, 'moderator');
  const me = await page.request.get('/api/v1/me');
  const { id } = (await me.json()) as { id: string };
  await page.goto(`/e/${slug}/lobby`);
  await expectConnected(page);
  const voice = await voiceOf(hub, organizer);
  const talk = await voice.join(room.channel);
  await talk.send('You are wanted here.', { mentions: [id] });
  const { channel } = await voice.directs.open([id]);
  await (await voice.join(channel)).send('And here.');
  voice.close();

  for (const width of [360, 820, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['lobby', 'rooms', 'people', 'messages', 'agenda', `rooms/${room.id}`]) {
      await page.goto(`/e/${slug}/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await expectConnected(page);
      if (path === 'lobby' && width === 1440) await expect(page.getByRole('navigation').locator('.count').first()).toBeVisible();
      expect.soft(await hiddenMarks(page), `${path} at ${width} px`).toEqual([]);
      for (const tab of (await page.getByRole('tab').all()).slice(1)) {
        await tab.click();
        await expect(page.locator('.skeleton')).toHaveCount(0);
        expect.soft(await hiddenMarks(page), `a panel of ${path} at ${width} px`).toEqual([]);
      }
    }
  }
});

test('on now and unread have two forms, and without a picture the talk gets the space', async ({ hub, person }) => {
  await startSample(hub);
  const organizer = await person();
  await signIn(hub, organizer, 'organizer');
  const [aula] = await roomsOf(organizer);
  const page = await person({ viewport: { width: 1440, height: 900 } });
  await signIn(hub, page, 'attendee');
  await page.goto(`/e/${slug}/rooms/${aula!.id}`);
  await expect(page.getByRole('log')).toBeVisible();
  const widthOf = async (selector: string): Promise<number> => (await page.locator(selector).boundingBox())!.width;
  expect(await widthOf('.rooms-panel')).toBeGreaterThan(2 * (await widthOf('.rooms-stage')));

  await page.goto(`/e/${slug}/lobby`);
  await expectConnected(page);
  const voice = await voiceOf(hub, organizer);
  await (await voice.join(aula!.channel)).send('Is anybody here?');
  voice.close();
  const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Aula' });
  await expect(link.locator('.dot')).toHaveCount(2);
  const looks = await link.locator('.dot').evaluateAll((dots) =>
    dots.map((dot) => {
      const { backgroundColor, borderTopWidth, borderTopColor } = getComputedStyle(dot);
      const ring = borderTopWidth !== '0px';
      return { ring, filled: backgroundColor !== 'rgba(0, 0, 0, 0)', colour: ring ? borderTopColor : backgroundColor };
    }),
  );
  expect(looks.filter(({ ring }) => ring)).toEqual([expect.objectContaining({ filled: false })]);
  expect(looks.filter(({ filled }) => filled)).toEqual([expect.objectContaining({ ring: false })]);
  expect(looks[0]!.colour).not.toBe(looks[1]!.colour);

  // The line above what is new in a talk has the colour of what is unread.
  const unread = looks.find(({ filled }) => filled)!.colour;
  await link.click();
  const line = page.locator('.chat-log-new').first();
  await expect(line).toBeVisible();
  expect(await line.evaluate((element) => getComputedStyle(element).color)).toBe(unread);
});
