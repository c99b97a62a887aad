import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { expectConnected, register, signInByLink } from './steps.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const camp = `${repository}../shared/data/schedules/frab-camp2019.json`;

/** A real conference if its file is available, otherwise the small one of the repository. */
const conference = existsSync(camp)
  ? { file: camp, title: 'Chaos Communication Camp 2019', from: '2019-08-21T09:00', until: '2019-08-26T18:00', sessions: 79, session: 'Opening Ceremony', room: 'Curie' }
  : { file: `${repository}tests/it/data/schedules/frab.json`, title: 'Harbour Days 2027', from: '2027-06-04T09:00', until: '2027-06-05T18:00', sessions: 4, session: 'Welcome aboard', room: 'Quay' };

const slug = 'conference';
const olga = { name: 'Olga Brandt', email: 'olga@conference.example' };
const mira = { name: 'Mira Adler', email: 'mira@people.example' };
const jonas = { name: 'Jonas Weber', email: 'jonas@people.example' };
const priya = { name: 'Priya Nair', email: 'priya@people.example' };

const nav = (page: Page) => page.getByRole('navigation', { name: 'Main' });

async function createEvent(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Create an event' }).click();
  await page.getByLabel('Title').fill(conference.title);
  await page.getByLabel('Starts').fill(conference.from);
  await page.getByLabel('Ends').fill(conference.until);
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  await page.getByLabel('Short name in the address').fill(slug);
  await page.getByRole('button', { name: 'Create event' }).click();
  await expect(page.getByRole('heading', { name: /^Organize/, level: 1 })).toBeVisible();
}

/** Imports the schedule: first a preview, and nothing changes before it is confirmed. */
async function importSchedule(page: Page): Promise<void> {
  const parts = page.getByRole('navigation', { name: 'Organizers’ sections' });
  await parts.getByRole('link', { name: 'Import' }).click();
  const steps = page.getByRole('region', { name: 'Schedule' });
  await steps.locator('input[type=file]').setInputFiles(conference.file);
  await expect(steps.getByRole('heading', { name: 'What would change' })).toBeVisible();
  await expect(steps.getByText(`${conference.sessions} new sessions`)).toBeVisible();
  const agenda = async (): Promise<number> => {
    const answer = await page.request.get(`/api/v1/events/${slug}/agenda`);
    return ((await answer.json()) as { sessions: unknown[] }).sessions.length;
  };
  expect(await agenda(), 'sessions after the dry run').toBe(0);
  await steps.getByRole('button', { name: 'Import now' }).click();
  await expect(steps.getByRole('heading', { name: 'Imported' })).toBeVisible();
  expect(await agenda(), 'sessions after the import').toBe(conference.sessions);
}

async function openRegistration(page: Page): Promise<void> {
  const parts = page.getByRole('navigation', { name: 'Organizers’ sections' });
  await parts.getByRole('link', { name: 'Tickets' }).click();
  await page.getByRole('button', { name: 'New ticket' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Everything');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Everything')).toBeVisible();
  await parts.getByRole('link', { name: 'Overview' }).click();
  await page.getByLabel('Status').selectOption('open');
  await page.getByLabel('Registration is open').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
}

/** Goes from the lobby through the agenda and a session to its room. */
async function enterRoom(page: Page): Promise<Talk> {
  await nav(page).getByRole('link', { name: 'Agenda' }).click();
  await page.getByRole('link', { name: conference.session }).click();
  await page.getByRole('link', { name: `Go to ${conference.room}` }).click();
  await expect(page.getByRole('heading', { name: conference.room, level: 1 })).toBeVisible();
  return new Talk(page, conference.room);
}

test('a conference from the import to the last word', async ({ hub, person }) => {
  test.setTimeout(240_000);
  if (conference.file !== camp) console.log(`${camp} is not there: the story imports ${conference.file}`);
  const [organizer, miras, jonass, priyas] = [await person(), await person(), await person(), await person()];

  await test.step('an organizer imports the schedule and opens the registration', async () => {
    await hub.run('person', 'grant', olga.email, 'organizer');
    await signInByLink(hub, organizer, olga.email);
    await createEvent(organizer);
    await importSchedule(organizer);
    await openRegistration(organizer);
  });

  await test.step('three people register and sign in by the mailed link', async () => {
    await register(hub, miras, slug, mira);
    await register(hub, jonass, slug, jonas);
    await register(hub, priyas, slug, priya);
  });

  const [mirasTalk, jonassTalk, priyasTalk] = await test.step('they meet in the room of a session', async () => [
    await enterRoom(miras),
    await enterRoom(jonass),
    await enterRoom(priyas),
  ] as const);

  await test.step('they talk: edit, react, reply, mention', () => talk(mirasTalk, jonassTalk, priyasTalk));
  await test.step('two write to each other', () => writeDirectly(miras, jonass));
  await test.step('the hub is killed while they talk', () => killWhileTalking(hub, mirasTalk, jonassTalk, priyasTalk));
  await test.step('a moderator is made', () => makeModerator(organizer, priyas));
  await test.step('the moderator times somebody out', () => timeOut(priyasTalk, jonassTalk));
  await test.step('the moderator deletes and restores a message', () => deleteAndRestore(priyasTalk, mirasTalk));
  await test.step('the moderator bans somebody', () => ban(priyasTalk, jonassTalk));
});

async function talk(miras: Talk, jonass: Talk, priyas: Talk): Promise<void> {
  await miras.write('Has it begun');
  await expect(jonass.page.getByText('Mira Adler is typing…')).toBeVisible();
  await miras.say('Has it begun?');
  await jonass.expectSettled('Has it begun?');
  await expect(jonass.page.getByText('Mira Adler is typing…')).toBeHidden();

  await miras.choose('Has it begun?', 'Edit');
  await miras.composer.fill('Has it begun yet?');
  await miras.composer.press('Enter');
  await expect(jonass.message('Has it begun yet?')).toContainText('edited');

  const message = jonass.message('Has it begun yet?');
  await message.hover();
  await message.getByRole('button', { name: 'Add a reaction' }).click();
  await jonass.page.getByRole('menuitem', { name: '🎉' }).click();
  await expect(miras.message('Has it begun yet?').getByRole('button', { name: '🎉, 1 person' })).toBeVisible();

  await jonass.choose('Has it begun yet?', 'Reply');
  await jonass.say('In a minute.');
  await expect(miras.message('In a minute.')).toContainText('Reply to Mira Adler: Has it begun yet?');

  // Somebody elsewhere sees that there is something new, and a mention as a number.
  await nav(priyas.page).getByRole('link', { name: 'Lobby' }).click();
  await expect(priyas.page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
  await jonass.say('Who is here for the first time?');
  const room = nav(priyas.page).getByRole('link', { name: conference.room });
  await expect(room).toContainText('new messages');
  await priyas.page.goBack();
  await priyas.say('I am.');
  await expect(room).not.toContainText('new messages');

  await nav(priyas.page).getByRole('link', { name: 'Lobby' }).click();
  await expect(priyas.page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
  await miras.write('Welcome, @Pri');
  await miras.page.getByRole('option', { name: 'Priya Nair' }).click();
  await miras.write('to the room');
  await miras.composer.press('Enter');
  await miras.expectSettled('Welcome, @Priya Nair to the room');
  await expect(room).toContainText('1 mention of you');
  await expect(priyas.page.getByRole('status').filter({ hasText: `Mira Adler mentioned you in ${conference.room}` })).toBeVisible();
  await room.click();
  await expect(priyas.message('Welcome, @Priya Nair')).toHaveAttribute('data-mention');
}

async function writeDirectly(miras: Page, jonass: Page): Promise<void> {
  await nav(miras).getByRole('link', { name: 'People' }).click();
  await miras.getByRole('link', { name: jonas.name }).click();
  await miras.getByRole('button', { name: 'Write a message' }).click();
  const mirasTalk = new Talk(miras, jonas.name);
  await mirasTalk.say('Tea after the opening?');
  const messages = nav(jonass).getByRole('link', { name: 'Messages' });
  await expect(messages).toContainText('1 unread');
  await messages.click();
  await jonass.getByRole('link', { name: mira.name }).click();
  const jonassTalk = new Talk(jonass, mira.name);
  await jonassTalk.expectSettled('Tea after the opening?');
  await expect(messages).not.toContainText('unread');
  await jonassTalk.write('Gladly');
  await expect(miras.getByText('Jonas Weber is typing…')).toBeVisible();
  await jonassTalk.composer.press('Enter');
  await mirasTalk.expectSettled('Gladly');
  for (const page of [miras, jonass]) await nav(page).getByRole('link', { name: conference.room }).click();
}

/** Acknowledged messages are there, once and in order, for everyone; the others settle afterwards. */
async function killWhileTalking(hub: Hub, miras: Talk, jonass: Talk, priyas: Talk): Promise<void> {
  const everybody = [miras, jonass, priyas];
  const before = await miras.said();
  const lines = Array.from({ length: 8 }, (_, number) => `Line ${number + 1} of eight`);
  for (const line of lines) await miras.send(line);
  // In the middle of it: some are acknowledged, others perhaps not.
  await jonass.expectSettled(lines[2]!);
  await hub.kill();

  for (const talk of everybody) await expect(talk.page.locator('.pill')).toContainText(/Reconnecting in|Connecting/);
  await jonass.send('Is anybody there?');
  await expect(jonass.message('Is anybody there?')).toContainText('sending…');

  await hub.restart();
  for (const talk of everybody) await expectConnected(talk.page);
  await miras.expectSettled(lines.at(-1)!);
  await jonass.expectSettled('Is anybody there?');
  for (const talk of everybody) {
    await expect.poll(async () => (await talk.said()).slice(before.length).toSorted()).toEqual([...lines, 'Is anybody there?'].toSorted());
    const order = (await talk.said()).filter((text) => lines.includes(text));
    expect(order, 'one person\'s messages keep their order').toEqual(lines);
    expect((await talk.said()).slice(0, before.length)).toEqual(before);
  }
  expect(await jonass.said(), 'everybody reads the same').toEqual(await miras.said());
}

async function makeModerator(organizer: Page, priyas: Page): Promise<void> {
  await expect(nav(priyas).getByRole('link', { name: 'Moderation' })).toHaveCount(0);
  await organizer.getByRole('navigation', { name: 'Organizers’ sections' }).getByRole('link', { name: 'Roles' }).click();
  await organizer.getByRole('button', { name: 'Assign a role' }).click();
  const dialog = organizer.getByRole('dialog');
  await dialog.getByLabel('Person').fill(priya.email);
  await dialog.getByLabel('Role').selectOption('moderator');
  await dialog.getByRole('button', { name: 'Assign a role' }).click();
  await expect(dialog).toBeHidden();
  // It takes effect at once, in the open page.
  await expect(nav(priyas).getByRole('link', { name: 'Moderation' })).toBeVisible();
}

/** The person sees it in the open page, and keeps their draft. */
async function timeOut(priyas: Talk, jonass: Talk): Promise<void> {
  await jonass.say('Buy my book!');
  await jonass.write('And another');
  await priyas.choose('Buy my book!', 'Time out');
  const dialog = priyas.page.getByRole('dialog', { name: `Time out ${jonas.name}` });
  await dialog.getByLabel('How long').selectOption('5 minutes');
  await dialog.getByLabel('Reason').fill('No advertising here');
  await dialog.getByRole('button', { name: 'Time out' }).click();
  await expect(dialog).toBeHidden();

  await expect(jonass.page.getByText(/You can write again in [45]:\d\d/)).toBeVisible();
  await expect(jonass.page.getByText('Reason: No advertising here')).toBeVisible();
  await expect(jonass.composer).toHaveCount(0);

  await nav(priyas.page).getByRole('link', { name: 'Moderation' }).click();
  await expect(priyas.page.getByText('No advertising here')).toBeVisible();
  await priyas.page.getByRole('button', { name: `Lift the sanction on ${jonas.name}` }).click();
  await expect(jonass.composer).toHaveValue('And another');
  await jonass.composer.press('Enter');
  await jonass.expectSettled('And another');
  await nav(priyas.page).getByRole('link', { name: conference.room }).click();
}

async function deleteAndRestore(priyas: Talk, miras: Talk): Promise<void> {
  await priyas.choose('Buy my book!', 'Delete');
  await expect(miras.message('Buy my book!')).toHaveCount(0);
  const removed = (talk: Talk) => talk.log.getByRole('article').filter({ hasText: 'Removed by the moderators.' });
  await expect(removed(miras)).toHaveCount(1);
  await removed(priyas).hover();
  await removed(priyas).getByRole('button', { name: /^Actions for the message/ }).click();
  await priyas.page.getByRole('menuitem', { name: 'Restore' }).click();
  await miras.expectSettled('Buy my book!');
  await expect(removed(miras)).toHaveCount(0);
}

async function ban(priyas: Talk, jonass: Talk): Promise<void> {
  await priyas.choose('Buy my book!', 'Ban');
  const dialog = priyas.page.getByRole('dialog', { name: `Ban ${jonas.name}` });
  await dialog.getByLabel('Where').selectOption('In the whole event');
  await dialog.getByLabel('Reason').fill('Advertising, again');
  await dialog.getByRole('button', { name: 'Ban' }).click();
  await expect(dialog).toBeHidden();
  await expect(jonass.page.locator('.pill')).toHaveAttribute('data-state', 'closed');
  await expect(jonass.page.getByRole('alert')).toContainText('Advertising, again');
  await expect(jonass.composer).toHaveCount(0);
  await jonass.page.reload();
  await expect(jonass.page.getByText('Advertising, again')).toBeVisible();
}
