import { signIn, slug, startSample } from './sample.ts';
import { signInByCommand } from './steps.ts';
import { Talk } from './talk.ts';
import { expect, expectAccessible, test } from './test.ts';

const newcomer = 'nadia@people.example';

test('a role for an address without an account is an invitation, said before and after', async ({ hub, person }) => {
  await startSample(hub);
  const organizer = await person();
  await signIn(hub, organizer, 'organizer');
  await organizer.goto(`/e/${slug}/organize/roles`);
  await organizer.getByRole('button', { name: 'Assign a role' }).click();
  const dialog = organizer.getByRole('dialog');
  await expect(dialog.getByLabel('Person')).toHaveAccessibleDescription(/we mail an invitation/);
  await dialog.getByLabel('Person').fill(newcomer);
  await dialog.getByLabel('Role').selectOption('moderator');
  await dialog.getByRole('button', { name: 'Assign a role' }).click();
  await expect(organizer.getByText(`Invitation sent to ${newcomer}`)).toBeVisible();
  const waiting = organizer.getByRole('region', { name: 'Invitations' });
  await expect(waiting.getByText(newcomer)).toBeVisible();
  await expectAccessible(organizer);

  // The mailed link does nothing by itself.
  const { link } = await hub.mailTo(newcomer, 'as a moderator');
  const invited = await person();
  await invited.goto(link);
  await expect(invited.getByText('Sign in to see your invitation')).toBeVisible();
  await signInByCommand(hub, invited, newcomer);
  await invited.goto(link);
  await expect(invited.getByText('Your role:')).toBeVisible();
  await expectAccessible(invited);
  await organizer.reload();
  await expect(waiting.getByText(newcomer)).toBeVisible();

  await invited.getByRole('button', { name: 'Accept' }).click();
  await expect(invited).toHaveURL(`/e/${slug}/lobby`);
  await expect(invited.getByRole('link', { name: 'Moderation' })).toBeVisible();
  await organizer.reload();
  await expect(organizer.getByText('nadia', { exact: true })).toBeVisible();
  await expect(waiting).toHaveCount(0);

  // Taking a role asks first.
  await organizer.getByRole('button', { name: 'Revoke the role of nadia' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(organizer.getByText('nadia', { exact: true })).toBeVisible();
  await organizer.getByRole('button', { name: 'Revoke the role of nadia' }).click();
  await dialog.getByRole('button', { name: 'Revoke role' }).click();
  await expect(organizer.getByText('nadia', { exact: true })).toHaveCount(0);
});

test('people whose names look alike are told apart in a room', async ({ hub, person }) => {
  await startSample(hub);
  const pages = [];
  // The second name begins with a Cyrillic letter.
  for (const [name, affiliation] of [
    ['Alex Kim', 'Lyra Observatory'],
    ['Аlex Kim', ''],
  ] as const) {
    const page = await person();
    const email = `${pages.length}@alike.example`;
    await hub.run('person', 'grant', email, 'attendee', '--event', slug);
    await signInByCommand(hub, page, email);
    const changed = await page.request.patch('/api/v1/me', { data: { name, affiliation } });
    expect(changed.status(), await changed.text()).toBe(200);
    pages.push(page);
  }
  const rooms = (await (await pages[0]!.request.get(`/api/v1/events/${slug}/rooms`)).json()) as { items: { id: string; name: string }[] };
  const room = rooms.items.find(({ name }) => name === 'Courtyard')!;
  const reader = pages[0]!;
  for (const [place, page] of pages.entries()) {
    await page.goto(`/e/${slug}/rooms/${room.id}`);
    await new Talk(page, room.name).say(`hello from ${place}`);
  }
  const talk = new Talk(reader, room.name);
  await expect(talk.message('hello from 0').locator('.chat-message-head')).toContainText('Lyra Observatory');
  await expect(talk.message('hello from 1').locator('.chat-message-head')).toContainText(/#[0-9a-f]{4}/);
  await expectAccessible(reader);
});

test('a second click on the last ticket leads to where its owner may go', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  const email = 'owner@people.example';
  await hub.run('person', 'grant', email, 'organizer');
  await signInByCommand(hub, page, email);
  await page.goto(`/e/${slug}/register`);
  await expect(page.getByRole('button', { name: 'Register' })).toBeVisible();
  const event = (await (await page.request.get(`/api/v1/events/${slug}`)).json()) as { ticket_types: { id: string; on_sale: boolean }[] };
  const ticket = event.ticket_types.find(({ on_sale }) => on_sale);
  // The first click, of which this page has heard nothing.
  const made = await page.request.post(`/api/v1/events/${slug}/registrations`, { data: { consent: true, ...(ticket ? { ticket_type: ticket.id } : {}) } });
  expect(made.status(), await made.text()).toBe(201);
  await page.getByRole('radio', { name: 'Online' }).check();
  await page.getByLabel('Name').fill('Owner');
  await page.getByRole('checkbox', { name: 'Be kind' }).check();
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByText('You are registered already.')).toBeVisible();
  await expect(page).toHaveURL(`/e/${slug}/lobby`);
});
