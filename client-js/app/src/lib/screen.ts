import { signal } from '@preact/signals';

const query = matchMedia('(width >= 60rem)');

/** Wide enough for a navigation column beside the page; the same width as in the style sheets. */
export const wide = signal(query.matches);

query.addEventListener('change', () => (wide.value = query.matches));

/** Whether somebody can see the page: it is not in a tab behind another. */
export const isVisible = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => (isVisible.value = document.visibilityState === 'visible'));
