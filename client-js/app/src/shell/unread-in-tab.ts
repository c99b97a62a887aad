import { effect } from '@preact/signals';
import type { EventStore } from '../hub/event';
import { ownUnread } from '../ui/title';
import { unreadForOneself } from './registry';

const plain = '/favicon.svg';

/** The tab's icon with a number on it. */
const numbered = (count: number): string => {
  const text = count > 9 ? '9+' : String(count);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0c6652"/><circle cx="20" cy="13" r="12" fill="#c62f2f"/><text x="20" y="18.5" fill="#fff" font-family="sans-serif" font-size="16" font-weight="700" text-anchor="middle">${text}</text></svg>`;
};

function showInIcon(count: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (icon) icon.href = count ? `data:image/svg+xml,${encodeURIComponent(numbered(count))}` : plain;
}

/** Counts in the tab's title and icon what is unread for oneself, until the returned function is called. */
export function tellInTab(store: EventStore): () => void {
  const stop = effect(() => {
    ownUnread.value = unreadForOneself(store);
    showInIcon(ownUnread.value);
  });
  return () => {
    stop();
    ownUnread.value = 0;
    showInIcon(0);
  };
}
