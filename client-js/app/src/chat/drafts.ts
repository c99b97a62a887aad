// What has been typed and not sent, by channel. It outlives the page: a reload must not cost anybody their words.
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
    // Without storage it is kept until the page is closed.
  }
}
