import type { Chosen } from './mentions';

/** What is typed and not sent yet, and whom it mentions. */
export interface Unsent {
  text: string;
  chosen: readonly Chosen[];
}

// By channel. They outlive the page, so that a reload loses nothing.
const name = (channel: string): string => `plenary.draft.${channel}`;
const drafts = new Map<string, Unsent>();

export function unsent(channel: string): Unsent {
  const known = drafts.get(channel);
  if (known) return known;
  try {
    return { text: '', chosen: [], ...(JSON.parse(sessionStorage.getItem(name(channel)) ?? '{}') as Partial<Unsent>) };
  } catch {
    return { text: '', chosen: [] };
  }
}

export function keepUnsent(channel: string, draft: Unsent): void {
  drafts.set(channel, draft);
  try {
    if (draft.text) sessionStorage.setItem(name(channel), JSON.stringify(draft));
    else sessionStorage.removeItem(name(channel));
  } catch {
    // Without storage drafts last until the page is closed.
  }
}
