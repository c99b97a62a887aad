import { signal } from '@preact/signals';
import { api } from './api';
import type { Me } from 'plenary-client/rest';

/** Who is signed in on this browser: undefined until the hub has answered, null for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** Why that could not be loaded (no network, hub down); the pages then offer to try again. */
export const meProblem = signal<unknown>(undefined);

export async function loadMe(): Promise<void> {
  try {
    me.value = (await api.get('/sign-in')).me ?? null;
    meProblem.value = undefined;
  } catch (problem) {
    meProblem.value = problem;
  }
}

/** Ends the sign-in of this browser, or all of this person's. Clears all data in the page. */
export async function signOut(everywhere: boolean): Promise<void> {
  await api.post('/sign-out', { body: { everywhere } });
  location.assign('/');
}
