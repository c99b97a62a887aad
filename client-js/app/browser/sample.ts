import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { expect } from './test.ts';

/** The slug of the sample conference. */
export const slug = 'sample';

/** The people for whom the sample conference prints a link. */
export type Part = 'organizer' | 'moderator' | 'attendee';

/** Restarts the hub with the sample conference and these flags. */
export async function startSample(hub: Hub, ...flags: string[]): Promise<void> {
  await hub.kill();
  await hub.restart('--sample', ...flags);
}

/** Signs in with the link that the sample conference prints for this part. */
export async function signIn(hub: Hub, page: Page, part: Part): Promise<void> {
  const link = new RegExp(`${part}\\s+(http\\S+)`).exec(hub.log)?.[1];
  if (link === undefined) throw new Error(`no link for the ${part} in:\n${hub.log}`);
  await page.goto(link);
  // In whichever language the page is.
  await page.locator('.account-main-action').click();
  await expect(page).not.toHaveURL(/sign-in/);
}
