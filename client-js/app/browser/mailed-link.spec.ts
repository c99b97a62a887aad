import type { Page } from '@playwright/test';
import { slug, startSample } from './sample.ts';
import { expect, expectAccessible, test } from './test.ts';

const attendee = 'attendee@example.org';
const lobby = (page: Page) => page.getByRole('heading', { name: 'Lobby', level: 1 });

/** Asks for a mail on the sign-in page of the sample conference. */
async function ask(page: Page, email = attendee, next = `/e/${slug}/rooms`): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible();
}

test('a mail filter that runs scripts leaves the link good', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await ask(page);
  const { link } = await hub.mailTo(attendee, 'sign in');
  for (let visit = 0; visit < 5; visit++) {
    const filter = await person();
    await filter.goto(link, { waitUntil: 'networkidle' });
    await expect(filter.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(await filter.context().cookies(), 'nobody is signed in').toEqual([]);
  }
  await page.goto(link);
  await expect(page.getByText(attendee)).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/rooms$/);

  const late = await person();
  await late.goto(link);
  await expect(late.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await expect(late.getByRole('complementary')).toContainText('Plenary Sample Conference');
  await late.getByLabel('Email').fill(attendee);
  await late.getByRole('button', { name: 'Send me a link' }).click();
  await expect(late.getByRole('heading', { name: 'Check your email' })).toBeVisible();
});

test('a code signs in the browser that asked, and survives a reload', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ viewport: { width: 390, height: 844 } });
  await ask(page, attendee, `/e/${slug}/lobby`);
  const { text } = await hub.mailTo(attendee, 'sign in');
  const code = /^\d{3} \d{3}$/m.exec(text)![0];
  await page.reload();
  await page.getByLabel('Code').fill(code === '000 000' ? '111 111' : '000 000');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Code')).toHaveAccessibleDescription(/not the code/);
  await page.getByLabel('Code').fill(code);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(lobby(page)).toBeVisible();
});

test('a stranger’s link does not replace one’s own sign-in', async ({ hub, person }) => {
  await startSample(hub);
  const [page, other] = [await person(), await person()];
  await ask(page, attendee, `/e/${slug}/lobby`);
  await page.goto((await hub.mailTo(attendee, 'sign in')).link);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(lobby(page)).toBeVisible();

  await ask(other, 'moderator@example.org');
  await page.goto((await hub.mailTo('moderator@example.org', 'sign in')).link);
  await expect(page.getByText(`You are signed in as ${attendee}`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Stay signed in/ }).click();
  const me = (await (await page.request.get('/api/v1/me')).json()) as { email: string };
  expect(me.email).toBe(attendee);
});

test('blocked cookies are said before the link is used up', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await ask(page);
  const { link } = await hub.mailTo(attendee, 'sign in');
  const blocked = await person();
  await blocked.addInitScript(() => {
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => undefined });
  });
  await blocked.goto(link);
  await expect(blocked.getByRole('alert')).toContainText('blocks this site’s cookies');
  await expect(blocked.getByRole('alert')).toContainText('Your link stays valid until');
  await expect(blocked.getByRole('button', { name: 'Sign in' })).toHaveCount(0);
  await expectAccessible(blocked);
  await page.goto(link);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/rooms$/);
});

test('a cookie that does not arrive is said, instead of a loop', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await ask(page);
  const { link } = await hub.mailTo(attendee, 'sign in');
  await page.route('**/redeem', async (route) => {
    const response = await route.fetch();
    const headers = Object.fromEntries(Object.entries(response.headers()).filter(([name]) => name !== 'set-cookie'));
    const body = await response.body();
    await page.context().clearCookies();
    await route.fulfill({ status: response.status(), headers, body });
  });
  await page.goto(link);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('has not kept this site’s cookie');
  await expect(page).toHaveURL(/sign-in/);
});

test('from a deep link, the event, the typed address and the way to register are kept', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await page.goto(`/e/${slug}/agenda`);
  await expect(page).toHaveURL(/sign-in/);
  const event = page.getByRole('complementary', { name: 'About the event' });
  await expect(event).toContainText('Plenary Sample Conference');
  await page.getByLabel('Email').fill('new@people.example');
  await page.getByRole('button', { name: 'Sign in with a password' }).click();
  await expect(page.getByLabel('Email')).toHaveValue('new@people.example');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(event).toContainText('Plenary Sample Conference');
  await expect(page.getByLabel('Email')).toHaveValue('new@people.example');
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await page.getByRole('link', { name: /^Register for/ }).click();
  await expect(page.getByLabel('Email')).toHaveValue('new@people.example');

  await page.getByLabel('Name').fill('Nia New');
  await page.getByLabel('Online').check();
  await page.getByRole('checkbox', { name: /./ }).last().check();
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('heading', { name: 'Almost done' })).toBeVisible();
  await expect(event).toContainText('Plenary Sample Conference');
  await expectAccessible(page);
  const { text, link } = await hub.mailTo('new@people.example');

  const filter = await person();
  await filter.goto(link, { waitUntil: 'networkidle' });
  await expect(filter.getByRole('heading', { name: 'Confirm your registration' })).toBeVisible();
  await expect(filter.getByText('Nia New')).toBeVisible();
  await expectAccessible(filter);

  await page.getByLabel('Code').fill(/^\d{3} \d{3}$/m.exec(text)![0]);
  await page.getByRole('button', { name: 'Confirm and enter' }).click();
  await expect(lobby(page)).toBeVisible();
});

test('another address takes a fresh proof, and its link shows whose it becomes', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await ask(page, attendee, `/e/${slug}/profile`);
  await page.goto((await hub.mailTo(attendee, 'sign in')).link);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  const account = page.getByRole('region', { name: 'Account' });
  await account.getByLabel('New password').fill('violet harbour seventeen kites');
  await account.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('Your password has been set.')).toBeVisible();

  await account.getByLabel('Email').fill('second@people.example');
  await account.getByRole('button', { name: 'Change address' }).click();
  await expect(account.getByLabel('Current password').first()).toHaveAccessibleDescription(/not your .*password/);
  await account.getByRole('button', { name: 'Forgot it? Confirm by email instead' }).first().click();
  await account.getByRole('button', { name: 'Email me a code' }).click();
  await expect(account.getByText(`We have sent a code to ${attendee}`)).toBeVisible();
  const proof = await hub.mailTo(attendee, 'sign in');
  await account.getByLabel('Code').fill(/^\d{3} \d{3}$/m.exec(proof.text)![0]);
  await account.getByRole('button', { name: 'Continue' }).click();
  await expect(account.getByText('We have sent a link and a code to second@people.example')).toBeVisible();
  await expectAccessible(page);

  const { link } = await hub.mailTo('second@people.example');
  const elsewhere = await person();
  await elsewhere.goto(link);
  await expect(elsewhere.getByText('The password that was set for this account will be removed')).toBeVisible();
  await expectAccessible(elsewhere);
  await elsewhere.getByRole('button', { name: 'Confirm address' }).click();
  await expect(elsewhere.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  expect((await page.request.get('/api/v1/me')).status(), 'the other sign-in has ended').toBe(401);
});
