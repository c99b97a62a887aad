import { deferred, type Deferred } from "./deferred.js";
import { LOST, PlenaryError, queueFull } from "./error.js";
import type { Card, Message, Operations } from "./generated.js";
import type { Settings } from "./options.js";

/** How many messages may be on their way or failed, over all channels. */
const MAX_UNSETTLED = 100;

type Send = Operations["message.send"];

/** A message of one's own that is not in its channel yet. What was typed is kept until it is, or is discarded. */
export interface PendingMessage extends Readonly<Send["data"]> {
  /** `failed`: retry or discard it. */
  readonly pending: "sending" | "failed";
  readonly sender?: Card;
  readonly sent_at: number;
  /** Why it failed. */
  readonly error?: PlenaryError;
}

interface Entry extends Deferred<Message> {
  readonly data: Send["data"];
  message: PendingMessage;
  /** The number it got, once the hub has it. */
  seq?: number;
}

/** @internal What the outbox needs of the client. */
export interface OutboxOwner {
  readonly settings: Settings;
  /** Whether a request made now is sent now. */
  readonly canSend: boolean;
  readonly hello?: { readonly person: Card };
  now(): number;
  request(op: "message.send", data: Send["data"]): Promise<Send["ok"]>;
  /** The messages on their way to `channel` are different. */
  pending(channel: string): void;
  /** The number up to which `channel` is known here; infinite if it is not joined. */
  known(channel: string): number;
}

/**
 * @internal The messages on their way. They are sent one after the other, in the order in which they were written, so
 * that one that has to wait (for the rate limit, for the next connection) is not overtaken. One that was sent and not
 * acknowledged is sent again under the same client id, which the hub answers like the first time.
 */
export class Outbox {
  readonly #owner: OutboxOwner;
  readonly #entries = new Map<string, Entry>();
  /** Whether an answer, or the time to try again, is awaited. */
  #busy = false;

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  add(data: Send["data"]): Promise<Message> {
    if (this.#entries.size >= MAX_UNSETTLED) return Promise.reject(queueFull());
    const sender = this.#owner.hello?.person;
    const message: PendingMessage = { ...data, pending: "sending", sender, sent_at: this.#owner.now() };
    const entry = { ...deferred<Message>(), data, message };
    this.#entries.set(data.client_id, entry);
    this.#next();
    this.#changed(entry);
    return entry.promise;
  }

  /** Sends a failed message again, now as the last of its channel. */
  retry(clientId: string): Promise<Message> {
    const data = this.discard(clientId);
    return data ? this.add(data) : Promise.reject(new PlenaryError("not_found", "This message is gone."));
  }

  /** Forgets a failed message. Returns what it was. */
  discard(clientId: string): Send["data"] | undefined {
    const entry = this.#entries.get(clientId);
    if (entry?.message.pending !== "failed") return undefined;
    this.#remove(entry);
    return entry.data;
  }

  of(channel: string): PendingMessage[] {
    return [...this.#entries.values()].map((entry) => entry.message).filter((message) => message.channel === channel);
  }

  /** `channel` is now known up to `last`, by `added`: forgets what of it was on its way. */
  arrived(channel: string, last: number, added: Message[]): void {
    for (const message of added) {
      const entry = this.#entries.get(message.client_id);
      if (entry?.message.sender?.id !== message.sender.id) continue;
      entry.seq = message.seq;
      entry.resolve(message);
    }
    for (const [id, entry] of this.#entries) {
      // What has a number up to there is in the list, or was passed over by a reset.
      if (entry.data.channel === channel && entry.seq! <= last) this.#entries.delete(id);
    }
  }

  /** A new connection: sends what has no answer, again if necessary. */
  resume(): void {
    this.#busy = false;
    this.#next();
  }

  /** The connection does not come back by itself. */
  fail(error: PlenaryError): void {
    for (const entry of this.#waiting()) this.#failed(entry, error);
  }

  /** Those that the hub has not answered yet. */
  #waiting(): Entry[] {
    return [...this.#entries.values()].filter(({ seq, message }) => !seq && message.pending === "sending");
  }

  #next(): void {
    const [entry] = this.#waiting();
    if (!entry || this.#busy || !this.#owner.canSend) return;
    this.#busy = true;
    this.#owner.request("message.send", entry.data).then(
      ({ seq, message }) => {
        entry.resolve(message);
        entry.seq = seq;
        // Its channel's next push brings it, unless it has already.
        if (seq <= this.#owner.known(entry.data.channel)) this.#remove(entry);
        this.resume();
      },
      (error: PlenaryError) => {
        if (error.code === LOST) return;
        // Slow mode may last for an hour: whether the message is still worth sending then is its writer's choice.
        if (error.retryAfter && error.code !== "chat.slow_mode") {
          this.#owner.settings.runtime.after(error.retryAfter, () => this.resume());
        } else {
          this.#failed(entry, error);
          this.resume();
        }
      },
    );
  }

  #failed(entry: Entry, error: PlenaryError): void {
    entry.message = { ...entry.message, pending: "failed", error };
    entry.reject(error);
    this.#changed(entry);
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.data.client_id);
    this.#changed(entry);
  }

  #changed(entry: Entry): void {
    this.#owner.pending(entry.data.channel);
  }
}
