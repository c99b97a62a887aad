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
  uuid(): string;
  /** Calls `handler` when the network or the page comes back. */
  onWake(handler: () => void): Cancel;
}

function onWake(handler: () => void): Cancel {
  const page = globalThis.document;
  const whenVisible = () => page.visibilityState === "visible" && handler();
  globalThis.addEventListener?.("online", handler);
  page?.addEventListener("visibilitychange", whenVisible);
  return () => {
    globalThis.removeEventListener?.("online", handler);
    page?.removeEventListener("visibilitychange", whenVisible);
  };
}

/** A random UUID; `crypto.randomUUID` itself exists in secure contexts only. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const systemRuntime: Runtime = {
  now: Date.now,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  uuid,
  onWake,
};
