import { signal } from '@preact/signals';

/** The socket's state, as people should know it. */
export type Connection =
  | { state: 'idle' | 'connecting' | 'connected' | 'offline' }
  /** Trying again by itself at that moment (this device's clock). */
  | { state: 'waiting'; retryAt: number }
  /** The sign-in is over: the hub will not have this browser again without a new one. */
  | { state: 'ended'; message: string }
  /** The hub said not to come back, for another reason. */
  | { state: 'stopped'; message: string };

export const connection = signal<Connection>({ state: 'idle' });
