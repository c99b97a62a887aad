/** Ends what it was returned for: a timer, a subscription. */
export type Cancel = () => void;

/** The part of a browser's WebSocket that is used; the global one and the one of the package `ws` fit. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocol: string) => Socket;

/** What the client takes from the outside world. Tests bring their own. */
export interface Runtime {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `milliseconds`. */
  after(milliseconds: number, run: () => void): Cancel;
  /** At least 0, less than 1. */
  random(): number;
  /** Calls `handler` when the network or the page comes back. */
  onWake(handler: () => void): Cancel;
}

function onWake(handler: () => void): Cancel {
  const stop = new AbortController();
  const page = globalThis.document;
  globalThis.addEventListener?.("online", handler, stop);
  page?.addEventListener("visibilitychange", () => page.hidden || handler(), stop);
  return () => stop.abort();
}

/**
 * @internal A UUID (version 4), which need not be hard to guess but only differ from one's others.
 * `crypto.randomUUID` exists in secure contexts only.
 */
export function uuid(random: () => number): string {
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => ((random() * 16) | 0).toString(16));
}

/** @internal */
export const systemRuntime: Runtime = {
  now: Date.now,
  after(milliseconds, run) {
    // A longer delay would be none.
    const timer = setTimeout(run, Math.min(milliseconds, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
  random: Math.random,
  onWake,
};
