import type { Runtime, SocketConstructor } from "./runtime.js";

/** How long things take, in milliseconds. */
export interface Delays {
  /** How long an attempt to connect may take until the hub's `hello` is answered; 15 seconds. */
  connectTimeout: number;
  /** How long after a ping something must be heard; 10 seconds. */
  pingTimeout: number;
  /** The shortest wait before connecting again; half a second. */
  minRetry: number;
  /** The longest wait before connecting again, unless the hub names a longer one; 20 seconds. */
  maxRetry: number;
  /** The shortest time between two reports of how far one has read; 2 seconds. */
  readInterval: number;
  /** The shortest time between two signs of typing; 3 seconds, as the hub counts them. */
  typingInterval: number;
  /** Within which time after news of a change one reads again, unless the hub names another; 5 seconds. */
  refreshWithin: number;
}

/** @internal */
export const defaultDelays: Delays = {
  connectTimeout: 15_000,
  pingTimeout: 10_000,
  minRetry: 500,
  maxRetry: 20_000,
  readInterval: 2_000,
  typingInterval: 3_000,
  refreshWithin: 5_000,
};

export type LogLevel = "debug" | "info" | "warn";

/** Told what the client does: names, numbers and codes, never a ticket or what people write. */
export type Log = (level: LogLevel, message: string, details: Readonly<Record<string, unknown>>) => void;

export interface PlenaryOptions {
  /** The event's slug. */
  event: string;
  /** The hub's socket, `https://host/ws`; in a page that the hub itself serves it can be left out. */
  url?: string;
  /**
   * Signs in where the browser's cookie does not: a ticket (good for one connection) or, to stay connected, a
   * function that gets a fresh one. A `PlenaryError` that it throws is final, any other error is tried again.
   */
  ticket?: string | (() => string | Promise<string>);
  /** Name and version of the program, for the operator's records. */
  client?: string;
  /** How many messages a channel keeps; 500. Older ones are dropped, and `history` gets them again. */
  window?: number;
  /** Where there is no global one, as in Node 20: the one of the package `ws`. */
  WebSocket?: SocketConstructor;
  /** Told what the client does, to find out why something went wrong. */
  log?: Log;
  /** Other delays than the usual ones. */
  delays?: Partial<Delays>;
  /** Replaces clock, timers and randomness, for tests. */
  runtime?: Partial<Runtime>;
}

/** @internal The options with everything filled in. */
export interface Settings extends PlenaryOptions {
  url: string;
  window: number;
  WebSocket: SocketConstructor;
  log: Log;
  delays: Delays;
  runtime: Runtime;
}
