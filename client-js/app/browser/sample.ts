import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { expect } from './test.ts';

/** The address that the sample conference has. */
export const slug = 'sample';

/** Those for whom the sample conference prints a link. */
export type Part = 'organizer' | 'moderator' | 'attendee';

/** Starts the hub anew, with the sample conference; with these flags besides. */
export async function startSample(hub: Hub, ...flags: string[]): Promise<void> {
  await hub.kill();
  await hub.restart('--sample', ...flags);
}

/** Comes in by the link that the sample conference prints for this part. */
export async function signIn(hub: Hub, page: Page, part: Part): Promise<void> {
  const link = new RegExp(`${part}\\s+(http\\S+)`).exec(hub.log)?.[1];
  if (link === undefined) throw new Error(`no link for the ${part} in:\n${hub.log}`);
  await page.goto(link);
  await expect(page).not.toHaveURL(/sign-in/);
}
