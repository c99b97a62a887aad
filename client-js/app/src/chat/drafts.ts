// Unsent drafts, by channel. They outlive the page, so that a reload loses nothing.
const name = (channel: string): string => `plenary.draft.${channel}`;
const drafts = new Map<string, string>();

export function draftText(channel: string): string {
  const known = drafts.get(channel);
  if (known !== undefined) return known;
  try {
    return sessionStorage.getItem(name(channel)) ?? '';
  } catch {
    return '';
  }
}

export function keepDraft(channel: string, text: string): void {
  drafts.set(channel, text);
  try {
    if (text) sessionStorage.setItem(name(channel), text);
    else sessionStorage.removeItem(name(channel));
  } catch {
    // Without storage drafts last until the page is closed.
  }
}
