import { signal } from '@preact/signals';

/** What is shown beside the names of people who have to be told apart, by their ids. */
export const marks = signal<ReadonlyMap<string, string>>(new Map());
