import { expect, type Page } from '@playwright/test';
import type { Hub } from './hub.ts';

/** A person of a story. */
export interface Somebody {
  name: string;
  email: string;
}

/** Opens a mailed link and presses its button. */
export async function useLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('main').getByRole('button', { name: /^(Sign in|Confirm and enter)$/ }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** Signs in with the link mailed by the sign-in page; ends where the hub redirects to. */
export async function signInByLink(hub: Hub, page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible();
  const { link } = await hub.mailTo(email);
  await useLink(page, link);
}

/** Signs in with a link that the command line prints. */
export async function signInByCommand(hub: Hub, page: Page, email: string): Promise<void> {
  const printed = await hub.run('person', 'link', email);
  const link = printed.split(/\s/).find((word) => word.startsWith(hub.address));
  if (link === undefined) throw new Error(`no link in: ${printed}`);
  await useLink(page, link);
}

/** Registers at the event's entry as a stranger, and enters with the mailed link. */
export async function register(hub: Hub, page: Page, slug: string, { name, email }: Somebody): Promise<void> {
  await page.goto(`/e/${slug}`);
  await page.getByRole('link', { name: 'Register' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('heading', { name: 'Almost done' })).toBeVisible();
  const { link } = await hub.mailTo(email);
  await useLink(page, link);
  await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
}

/** The connection as the page shows it: 'Connected', 'Connecting…', 'Reconnecting in 3 s'. */
export async function expectConnected(page: Page): Promise<void> {
  await expect(page.locator('.pill')).toHaveAttribute('data-state', 'open');
}
