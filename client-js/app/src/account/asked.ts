import { effect, signal, type Signal } from '@preact/signals';

/** A mail that was asked for here, and what belongs to its code. */
export interface Asked {
  request: string;
  email: string;
  /** The event, by its slug. */
  event?: string | undefined;
  next?: string | undefined;
  /** For a registration, instead of only to sign in. */
  registered?: boolean;
  /** When, in milliseconds since 1970. */
  at: number;
}

/** How long a code can be entered. */
const lifetime = 30 * 60_000;

/** Kept for this tab: people read the mail elsewhere, and phones drop pages meanwhile. */
function keptInTab<T>(name: string, otherwise: T): Signal<T> {
  const key = `plenary.${name}`;
  let first = otherwise;
  try {
    first = JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? otherwise;
  } catch {
    // Without storage it lasts until the page is closed.
  }
  const value = signal<T>(first);
  effect(() => {
    try {
      sessionStorage.setItem(key, JSON.stringify(value.value ?? null));
    } catch {
      // As above.
    }
  });
  return value;
}

const kept = keptInTab<Asked | undefined>('asked', undefined);
if (kept.value && Date.now() - kept.value.at > lifetime) kept.value = undefined;

/** The mail that was asked for last. */
export const asked = kept;

/** The address as it was typed, on whichever of the forms. */
export const typedEmail = keptInTab('typed-email', '');
