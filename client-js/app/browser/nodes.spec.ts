import type { Page } from '@playwright/test';
import { Cluster } from './cluster.ts';
import { until, type Hub } from './hub.ts';
import { everythingSaid } from './long-talk.ts';
import { signIn, slug } from './sample.ts';
import { missingPrograms } from './servers.ts';
import { expectConnected } from './steps.ts';
import { Talk } from './talk.ts';
import { expect, test as base } from './test.ts';
import { voiceOf } from './voice.ts';

// Two hubs on MariaDB and Redis behind nginx, configured by docs/deploy/nginx.conf: people do not notice on which node
// they are, nor that one is killed and the other is stopped.

const test = base.extend<{ cluster: Cluster }>({
  cluster: async ({}, use, info) => {
    const missing = missingPrograms();
    if (missing.length > 0) {
      const reason = `${missing.join(', ')} missing`;
      if (process.env['CI'] === 'true') throw new Error(`with CI=true no test may be skipped: ${reason}`);
      console.log(`SKIPPED ${info.title}: ${reason}`);
      info.skip(true, reason);
    }
    const cluster = await Cluster.start();
    await use(cluster);
    if (info.status !== info.expectedStatus) {
      for (const [index, node] of cluster.nodes.entries()) await info.attach(`node-${index + 1}.log`, { body: node.log });
    }
    await cluster.stop();
  },
  hub: async ({ cluster }, use) => use(cluster.nodes[0]),
});

const room = 'Greenhouse';
const nav = (page: Page) => page.getByRole('navigation', { name: 'Main' });

/** The numbers of sockets per node, while both run. */
async function expectSockets(cluster: Cluster, wanted: readonly number[]): Promise<void> {
  await expect.poll(() => cluster.connections()).toEqual(wanted);
}

/** Reloads the page until the nodes have these numbers of sockets; nginx chooses either node. */
async function moveUntil(cluster: Cluster, page: Page, wanted: readonly number[]): Promise<void> {
  const sum = (counts: readonly number[]): number => counts.reduce((one, other) => one + other, 0);
  for (let turn = 0; turn < 10; turn += 1) {
    await expectConnected(page);
    const counts = await until(async () => {
      const counts = await cluster.connections();
      return sum(counts) === sum(wanted) && counts;
    });
    if (counts.join() === wanted.join()) return;
    await page.reload();
  }
  throw new Error(`ten reloads did not lead to ${wanted.join()}`);
}

async function enterRoom(page: Page): Promise<Talk> {
  await nav(page).getByRole('link', { name: room }).click();
  await expect(page.getByRole('heading', { name: room, level: 1 })).toBeVisible();
  return new Talk(page, room);
}

/** What a page has shown since it was first watched, each change once. */
interface Shown {
  /** How many are in the room. */
  here: string[];
  /** The state of the connection, and when it began (milliseconds). */
  connection: { state: string; at: number }[];
}

/** Starts once the page shows how many are here. */
async function watch(page: Page, here: string): Promise<void> {
  await expect(page.locator('.rooms-here')).toHaveText(here);
  await page.evaluate(() => {
    const shown: Shown = { here: [], connection: [] };
    const look = (): void => {
      const here = document.querySelector('.rooms-here')?.textContent ?? 'nothing';
      if (shown.here.at(-1) !== here) shown.here.push(here);
      const state = document.querySelector<HTMLElement>('.pill')?.dataset['state'] ?? 'nothing';
      if (shown.connection.at(-1)?.state !== state) shown.connection.push({ state, at: performance.now() });
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    (window as unknown as { shown: Shown }).shown = shown;
  });
}

const shownOn = (page: Page): Promise<Shown> => page.evaluate(() => (window as unknown as { shown: Shown }).shown);

/** How long the page had no connection, at most, in milliseconds. */
async function longestWithout(page: Page): Promise<number> {
  const { connection } = await shownOn(page);
  const opened = connection.flatMap(({ state, at }, place) => (state === 'open' && place > 0 ? [at] : []));
  const lost = connection.flatMap(({ state, at }, place) => (state !== 'open' && connection[place - 1]?.state === 'open' ? [at] : []));
  expect(opened.length, 'every loss is followed by a connection').toBe(lost.length);
  return Math.max(0, ...opened.map((at, place) => at - lost[place]!));
}

async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] !== undefined) await page.screenshot({ path: `../../test-results/nodes/${name}.png` });
}

const lines = (name: string, count: number): string[] => Array.from({ length: count }, (_, number) => `${name}, line ${number + 1} of ${count}`);

/** Everyone sees each of these once, and each person's in the order they were sent. */
async function expectSaid(talks: readonly Talk[], ...said: readonly string[][]): Promise<void> {
  const all = said.flat();
  const read = async (talk: Talk): Promise<string[]> => (await talk.said()).filter((text) => all.includes(text));
  for (const talk of talks) {
    for (const text of all) await talk.expectSettled(text);
    for (const own of said) expect((await read(talk)).filter((text) => own.includes(text)), 'in order').toEqual(own);
  }
  const [first, ...others] = await Promise.all(talks.map(read));
  for (const other of others) expect(other, 'everybody reads the same').toEqual(first);
}

test('two people on two nodes keep talking while one node is killed and the other is drained', async ({ cluster, person }) => {
  test.setTimeout(300_000);
  const [first, second] = cluster.nodes;
  const [mikas, sams, robins] = [await person(), await person(), await person()];

  const [mika, sam] = await test.step('nginx puts them on both nodes', async () => {
    await comeIn(cluster, mikas, 'moderator', [1, 0]);
    await comeIn(cluster, sams, 'attendee', [1, 1]);
    await comeIn(cluster, robins, 'organizer', [2, 1]);
    await enterRoom(robins);
    return [await enterRoom(mikas), await enterRoom(sams)] as const;
  });

  await test.step('they see each other and talk', () => talk(mika, sam));
  await test.step('they write to each other', () => writeDirectly(mikas, sams));
  await test.step('the node of one of them is killed', () => killWhileTalking(cluster, mika, sam, robins));
  await test.step('it comes back, and the other is drained', async () => {
    await first.restart();
    // It sends people to another node only once it knows of it.
    await until(async () => (await second.metric('plenary_peers')) === 1);
    await drainWhileTalking(cluster, second, mika, sam);
  });
  await test.step('all of it is in the log, once', () => expectWhole(first, mikas));
});

async function comeIn(cluster: Cluster, page: Page, part: 'organizer' | 'moderator' | 'attendee', wanted: readonly number[]): Promise<void> {
  await signIn(cluster.nodes[0], page, part);
  await page.goto(`/e/${slug}/lobby`);
  await moveUntil(cluster, page, wanted);
}

async function talk(mika: Talk, sam: Talk): Promise<void> {
  for (const { page } of [mika, sam]) await expect(page.locator('.rooms-here')).toHaveText('3 people here');
  await mika.write('Is the soup');
  await expect(sam.page.getByText('Mika Lindholm is typing…')).toBeVisible();
  await mika.say('Is the soup ready?');
  await sam.expectSettled('Is the soup ready?');
  await expect(sam.page.getByText('Mika Lindholm is typing…')).toBeHidden();
  await sam.write('In a');
  await expect(mika.page.getByText('Sam Okoye is typing…')).toBeVisible();
  await sam.say('In a minute.');
  await mika.expectSettled('In a minute.');
  await sam.page.getByRole('tab', { name: 'People' }).click();
  for (const name of ['Mika Lindholm', 'Robin Adeyemi']) await expect(sam.page.getByRole('tabpanel').getByText(name)).toBeVisible();
  await sam.page.getByRole('tab', { name: 'Conversation' }).click();
}

async function writeDirectly(mikas: Page, sams: Page): Promise<void> {
  await nav(mikas).getByRole('link', { name: 'People' }).click();
  await mikas.getByRole('link', { name: 'Sam Okoye' }).click();
  await mikas.getByRole('button', { name: 'Write a message' }).click();
  const mika = new Talk(mikas, 'Sam Okoye');
  await mika.say('Shall we sit at the window?');
  const messages = nav(sams).getByRole('link', { name: 'Messages' });
  await expect(messages).toContainText('1 unread');
  await messages.click();
  await sams.getByRole('link', { name: 'Mika Lindholm' }).click();
  const sam = new Talk(sams, 'Mika Lindholm');
  await sam.expectSettled('Shall we sit at the window?');
  await sam.write('Gladly');
  await expect(mikas.getByText('Sam Okoye is typing…')).toBeVisible();
  await sam.composer.press('Enter');
  await mika.expectSettled('Gladly');
  for (const page of [mikas, sams]) {
    await enterRoom(page);
    await expect(nav(page).getByRole('link', { name: 'Messages' })).not.toContainText('unread');
  }
}

/** Mika and Robin are on it. Mika reconnects to the other one, Robin does not. */
async function killWhileTalking(cluster: Cluster, mika: Talk, sam: Talk, robins: Page): Promise<void> {
  const [first, second] = cluster.nodes;
  for (const { page } of [mika, sam]) await watch(page, '3 people here');
  const [mikas, sams] = [lines('Mika', 6), lines('Sam', 6)];
  for (const text of mikas) await mika.send(text);
  await mika.write('Half a tho');
  // In the middle of it: some are acknowledged, others perhaps not.
  await sam.expectSettled(mikas[2]!);
  await first.kill();
  await robins.close();
  await expect(mika.page.locator('.pill')).not.toHaveAttribute('data-state', 'open');
  await Promise.all([keepPicture(mika.page, 'killed-mika'), keepPicture(sam.page, 'killed-sam')]);
  for (const text of sams) await sam.say(text);
  for (let turn = 0; turn < 20; turn += 1) {
    const answer = await sam.page.request.get(`/api/v1/events/${slug}/agenda`);
    expect(answer.ok(), 'nobody meets the killed node').toBe(true);
  }

  await expectConnected(mika.page);
  await expectSockets(cluster, [0, 2]);
  await expect(mika.composer).toHaveValue('Half a tho');
  await expectSaid([mika, sam], mikas, sams);
  await mika.write('ught.');
  await mika.composer.press('Enter');
  await expectSaid([mika, sam], [...mikas, 'Half a thought.'], sams);

  // People on the killed node who do not come back leave; those who do were never away.
  for (const { page } of [mika, sam]) {
    await expect(page.locator('.rooms-here')).toHaveText('2 people here', { timeout: 20_000 });
    expect((await shownOn(page)).here).toEqual(['3 people here', '2 people here']);
  }
  expect((await shownOn(sam.page)).connection.map(({ state }) => state), 'the other node has not noticed').toEqual(['open']);
  await Promise.all([keepPicture(mika.page, 'after-kill-mika'), keepPicture(sam.page, 'after-kill-sam')]);
  expect(await second.metric('plenary_connections')).toBe(2);
}

/** Both are on it, and both are moved. */
async function drainWhileTalking(cluster: Cluster, drained: Hub, mika: Talk, sam: Talk): Promise<void> {
  for (const { page } of [mika, sam]) await watch(page, '2 people here');
  const [mikas, sams] = [lines('Mika on her way', 8), lines('Sam on his way', 8)];
  const end = drained.drain();
  for (const [place, text] of mikas.entries()) {
    await mika.send(text);
    await sam.send(sams[place]!);
  }
  await expectSaid([mika, sam], mikas, sams);
  await end;
  await expectSockets(cluster, [2, 0]);
  for (const { page } of [mika, sam]) {
    // They would be away for the whole drain if they were not told that another node serves.
    expect(await longestWithout(page), 'milliseconds without a connection').toBeLessThan(3_000);
    await expect(page.locator('.rooms-here')).toHaveText('2 people here');
  }
  // The first one opens the room there. Slow answers of the other node show up a tick later.
  const here = await Promise.all([mika, sam].map(async ({ page }) => (await shownOn(page)).here.join()));
  expect(here, 'nobody leaves').toContain('2 people here');
  for (const shown of here) expect(shown).toMatch(/^2 people here(,1 person here,2 people here)?$/);
  await Promise.all([keepPicture(mika.page, 'after-drain-mika'), keepPicture(sam.page, 'after-drain-sam')]);
}

/** Every message is in the log once, whatever a page has shown. */
async function expectWhole(node: Hub, page: Page): Promise<void> {
  const voice = await voiceOf(node, page);
  const answer = await page.request.get(`/api/v1/events/${slug}/rooms`);
  const { items } = (await answer.json()) as { items: { name: string; channel: string }[] };
  const said = await everythingSaid(voice, items.find(({ name }) => name === room)!.channel);
  voice.close();
  for (const [place, { seq }] of said.entries()) expect(seq, 'numbers without holes').toBe(said[0]!.seq + place);
  const ours = said.map(({ text }) => text).filter((text) => /, line \d of \d$/.test(text));
  expect(ours.toSorted()).toEqual([...lines('Mika', 6), ...lines('Sam', 6), ...lines('Mika on her way', 8), ...lines('Sam on his way', 8)].toSorted());
}
