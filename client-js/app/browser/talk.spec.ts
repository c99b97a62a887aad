import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { signIn, slug, startSample } from './sample.ts';
import { expectConnected } from './steps.ts';
import { Talk } from './talk.ts';
import { expect, test } from './test.ts';
import { voiceOf } from './voice.ts';

interface Rooms {
  announcements: string;
  items: { id: string; name: string; channel: string }[];
}

const roomsOf = async (page: Page): Promise<Rooms> => (await (await page.request.get(`/api/v1/events/${slug}/rooms`)).json()) as Rooms;

/** The first room of the sample, and its page for this person. */
async function enterRoom(page: Page): Promise<{ talk: Talk; channel: string; name: string; path: string }> {
  const { id, name, channel } = (await roomsOf(page)).items[0]!;
  const path = `/e/${slug}/rooms/${id}`;
  await page.goto(path);
  await expectConnected(page);
  return { talk: new Talk(page, name), channel, name, path };
}

/** Changes how a person appears. */
async function present(page: Page, profile: object): Promise<void> {
  const status = await page.evaluate(async (body) => {
    const answer = await fetch('/api/v1/me', { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return answer.status;
  }, profile);
  expect(status).toBe(200);
}

const signedIn = async (hub: Hub, person: () => Promise<Page>): Promise<{ organizer: Page; moderator: Page; attendee: Page }> => {
  await startSample(hub);
  const [organizer, moderator, attendee] = [await person(), await person(), await person()];
  await signIn(hub, organizer, 'organizer');
  await signIn(hub, moderator, 'moderator');
  await signIn(hub, attendee, 'attendee');
  return { organizer, moderator, attendee };
};

test('of two people of one name only the chosen one is mentioned', async ({ hub, person }) => {
  const { organizer, moderator, attendee } = await signedIn(hub, person);
  await present(organizer, { name: 'Alex Kim', affiliation: 'Seoul' });
  await present(moderator, { name: 'Alex Kim', affiliation: 'Busan' });
  const { talk, channel, name } = await enterRoom(attendee);
  const [seoul, busan] = [await voiceOf(hub, organizer), await voiceOf(hub, moderator)];
  for (const voice of [seoul, busan]) await (await voice.join(channel)).send('Here I am');
  const mentioned: string[] = [];
  seoul.on('mention', () => mentioned.push('Seoul'));
  busan.on('mention', () => mentioned.push('Busan'));

  await talk.write('@Alex');
  const options = attendee.getByRole('option', { name: 'Alex Kim' });
  await expect(options).toHaveCount(2);
  await options.filter({ hasText: 'Seoul' }).click();
  await expect(talk.composer).toHaveValue('@Alex Kim ');
  await talk.composer.press('Control+A');
  await talk.composer.press('Backspace');
  await talk.write('@Alex');
  await options.filter({ hasText: 'Busan' }).click();
  await talk.write('hello');
  await talk.composer.press('Enter');
  await talk.expectSettled('@Alex Kim hello');
  await expect.poll(() => mentioned).toEqual(['Busan']);

  // Elsewhere it is told with the place it happened in; an edit can mention, too.
  await organizer.goto(`/e/${slug}/agenda`);
  await expectConnected(organizer);
  await talk.choose('@Alex Kim hello', 'Edit');
  await talk.composer.press('Home');
  await talk.write('@Alex');
  await options.filter({ hasText: 'Seoul' }).click();
  await talk.composer.press('Enter');
  await talk.expectSettled('@Alex Kim @Alex Kim hello');
  await expect(organizer.getByRole('status').filter({ hasText: `mentioned you in ${name}` })).toBeVisible();
  expect(mentioned).toEqual(['Busan', 'Seoul']);
  seoul.close();
  busan.close();
});

test('everybody can be found to mention, also who is not in the room', async ({ hub, person }) => {
  const { organizer, attendee } = await signedIn(hub, person);
  await present(organizer, { name: 'Quentin Xylander', affiliation: 'Far away' });
  const { talk } = await enterRoom(attendee);
  await talk.write('@Xyl');
  await attendee.getByRole('option', { name: 'Quentin Xylander' }).click();
  await expect(talk.composer).toHaveValue('@Quentin Xylander ');
});

test('an announcement is on every page until it is dismissed, and in the tab', async ({ hub, person }) => {
  const { organizer, attendee } = await signedIn(hub, person);
  // What there is already counts as seen.
  await attendee.goto(`/e/${slug}/lobby`);
  await expectConnected(attendee);
  await expect(attendee).toHaveTitle(/^Lobby/);
  await attendee.goto(`/e/${slug}/agenda`);
  await expectConnected(attendee);
  const line = attendee.getByRole('group', { name: 'Announcement' });
  await expect(line).toHaveCount(0);

  const voice = await voiceOf(hub, organizer);
  const { announcements } = await roomsOf(organizer);
  const channel = await voice.join(announcements);
  await channel.send('Lunch is served');
  await expect(line).toContainText('Lunch is served');
  await expect(attendee.getByText('Announcement: Lunch is served')).toBeAttached();
  await expect(attendee).toHaveTitle(/^\(1\) /);
  await expect(attendee.locator('link[rel=icon]')).toHaveAttribute('href', /^data:/);

  await attendee.reload();
  await expect(line).toContainText('Lunch is served');
  await enterRoom(attendee);
  await expect(line).toContainText('Lunch is served');
  await line.getByRole('button', { name: 'Dismiss' }).click();
  await expect(line).toHaveCount(0);
  await expect(attendee).not.toHaveTitle(/^\(/);
  await expect(attendee.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon.svg');

  // One that is deleted is not unread any more.
  const { seq } = await channel.send('Lunch is over');
  await expect(line).toContainText('Lunch is over');
  await channel.delete(seq);
  await expect(line).toHaveCount(0);
  voice.close();
});

test('what was unread and is deleted leaves no mark on an open page', async ({ hub, person }) => {
  const { moderator, attendee } = await signedIn(hub, person);
  const { channel, name } = await enterRoom(attendee);
  const me = ((await (await attendee.request.get('/api/v1/me')).json()) as { id: string }).id;
  await attendee.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Agenda' }).click();
  const room = attendee.getByRole('navigation', { name: 'Main' }).getByRole('link', { name });
  await expect(room).not.toContainText(/new messages|mention/);
  const voice = await voiceOf(hub, moderator);
  const talk = await voice.join(channel);
  const sent = [await talk.send('You there', { mentions: [me] }), await talk.send('And you', { mentions: [me] }), await talk.send('Hello')];
  await expect(room).toContainText('2 mentions of you');
  for (const { seq } of sent) await talk.delete(seq);
  await expect(room).not.toContainText(/new messages|mention/);
  voice.close();
});

test('a moderator takes back a time-out with everything that it deleted', async ({ hub, person }) => {
  const { moderator, attendee } = await signedIn(hub, person);
  const { talk: writer } = await enterRoom(attendee);
  const lines = ['Buy one', 'Buy two', 'Buy three'];
  for (const line of lines) await writer.say(line);
  const { talk } = await enterRoom(moderator);
  await talk.expectSettled('Buy three');
  await talk.choose('Buy one', 'Time out');
  const dialog = moderator.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Advertising');
  await dialog.getByLabel('Also delete their messages').check();
  await dialog.getByRole('button', { name: 'Time out' }).click();
  await expect(dialog).toBeHidden();
  await expect(talk.message(/^Buy/)).toHaveCount(0);
  const folded = talk.log.getByRole('button', { name: '3 deleted messages' });
  await folded.click();
  await expect(talk.log.getByText('Removed by the moderators.')).toHaveCount(3);
  await folded.click();
  await expect(talk.log.getByText('Removed by the moderators.')).toHaveCount(0);
  await moderator.getByRole('tab', { name: /^People/ }).click();
  await expect(moderator.getByRole('listitem').filter({ hasText: 'Timed out' })).toHaveCount(1);
  await moderator.getByRole('tab', { name: 'Conversation' }).click();
  await moderator.getByRole('button', { name: 'Undo' }).click();
  for (const line of lines) await writer.expectSettled(line);
  await expect(writer.composer).toBeVisible();
});

test('a banned person reads from where, until when and why', async ({ hub, person }) => {
  const { organizer, attendee } = await signedIn(hub, person);
  const { talk, channel, name } = await enterRoom(attendee);
  await talk.say('Hello');
  const me = ((await (await attendee.request.get('/api/v1/me')).json()) as { id: string }).id;
  const voice = await voiceOf(hub, organizer);
  const { items } = await roomsOf(organizer);
  const room = items.find((one) => one.channel === channel)!.id;
  const expected = new RegExp(`banned you from ${name} until .+ Reason: Too loud`);
  await voice.moderation.ban({ person: me, room, reason: 'Too loud', seconds: 3600 });
  await expect(attendee.getByText(expected)).toBeVisible();
  await attendee.reload();
  await expect(attendee.getByText(expected)).toBeVisible();

  const event = await voice.moderation.ban({ person: me, reason: 'Much too loud', seconds: 3600 });
  const told = attendee.getByRole('alert').filter({ hasText: /banned you from .+ until .+ Reason: Much too loud/ });
  await expect(told).toBeVisible();
  await attendee.reload();
  await expect(told).toBeVisible();
  await expect(attendee.locator('.pill')).toHaveAttribute('data-state', 'closed');
  await expect(attendee.getByRole('button', { name: 'Try now' })).toHaveCount(0);
  await voice.moderation.lift(event.id);
  voice.close();
});
