import { signal } from '@preact/signals';

/** Whether something is on the stove. */
export const brewing = signal(false);
