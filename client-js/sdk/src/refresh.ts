import type { SignalOption } from "./abort.js";
import type { EventPush, Part } from "./generated.js";
import type { Cancel } from "./runtime.js";
import type { Session } from "./session.js";

/** What to read again over REST. */
export interface EventChange {
  readonly parts: readonly Part[];
  /** The event's version by now, as far as is known. */
  readonly version: number;
}

export interface RefreshOptions extends SignalOption {
  /** The version of the event that has been read; left out, it is the one at which one is connected first. */
  version?: number;
}

/**
 * Says when to read again what has changed in the event: after a random moment, so that thousands of clients that
 * hear of one change do not ask at the same instant; and only those parts that have changed. Changes that arrive
 * meanwhile are read with it.
 */
export class EventRefresh {
  readonly #session: Session;
  readonly #parts: readonly Part[];
  readonly #read: (change: EventChange) => void;
  readonly #due = new Set<Part>();
  readonly #offs: (() => void)[];
  /** Missing until one is connected for the first time. */
  #version: number | undefined;
  #dueAt = 0;
  #cancel?: Cancel | undefined;

  /** @internal Use `plenary.onEventChanged`. */
  constructor(session: Session, parts: readonly Part[], read: (change: EventChange) => void, options: RefreshOptions) {
    const { signal, version = session.hello?.version } = options;
    this.#session = session;
    this.#parts = parts;
    this.#read = read;
    this.#version = version;
    this.#offs = [
      session.on("event", (news) => this.#changed(news)),
      session.on("hello", (hello) => this.#connected(hello.version)),
    ];
    if (session.hello) this.#connected(session.hello.version);
    if (signal?.aborted) this.stop();
    const stop = () => this.stop();
    signal?.addEventListener("abort", stop);
    this.#offs.push(() => signal?.removeEventListener("abort", stop));
  }

  /** Reads `parts` at once, for one's own change. */
  now(parts: readonly Part[] = this.#parts): void {
    for (const part of parts) this.#due.delete(part);
    if (!this.#due.size) this.#clear();
    this.#read({ parts, version: this.#version ?? 0 });
  }

  /** Ends it; what was due is not read. */
  stop(): void {
    for (const off of this.#offs) off();
    this.#due.clear();
    this.#clear();
  }

  #changed({ version, what, within_ms: within }: EventPush): void {
    this.#version = Math.max(version, this.#version ?? 0);
    this.#schedule(what, within);
  }

  /** What changed while there was no connection was announced to nobody here: only the version shows it. */
  #connected(version: number): void {
    const behind = this.#version !== undefined && this.#version !== version;
    this.#version = version;
    if (behind) this.#schedule(this.#parts);
  }

  #schedule(parts: readonly Part[], within = this.#session.settings.delays.refreshWithin): void {
    const { now, random, after } = this.#session.settings.runtime;
    const wanted = parts.filter((part) => this.#parts.includes(part));
    if (!wanted.length) return;
    for (const part of wanted) this.#due.add(part);
    // A moment that was drawn already is random enough, if it is soon enough.
    if (this.#cancel && this.#dueAt <= now() + within) return;
    this.#clear();
    const delay = Math.floor(random() * within);
    this.#dueAt = now() + delay;
    this.#cancel = after(delay, () => this.#readDue());
  }

  #readDue(): void {
    const parts = [...this.#due];
    this.#due.clear();
    this.#cancel = undefined;
    this.#read({ parts, version: this.#version ?? 0 });
  }

  #clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
