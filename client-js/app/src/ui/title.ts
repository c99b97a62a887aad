import { effect, signal } from '@preact/signals';
import { formatNumber } from '../texts';

/** The title of the page. */
export const pageTitle = signal('');
/** How much is unread for oneself: it is told in the tab, too. */
export const ownUnread = signal(0);

effect(() => {
  const [title, count] = [pageTitle.value, ownUnread.value];
  if (title) document.title = count ? `(${formatNumber(count)}) ${title}` : title;
});
