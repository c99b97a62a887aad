import { signal } from '@preact/signals';

const query = matchMedia('(width >= 60rem)');

/** Wide enough for a navigation column beside the page; the same width as in the style sheets. */
export const wide = signal(query.matches);

query.addEventListener('change', () => (wide.value = query.matches));
