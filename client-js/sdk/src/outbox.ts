import { deferred, type Deferred } from "./deferred.js";
import { PlenaryError } from "./error.js";
import type { Card, Message, Operations } from "./wire.js";

/** How many messages may be on their way or failed, over all channels. */
const MOST_UNSETTLED = 100;

/** A message of one's own that is not in its channel yet. What was typed is kept until it is, or is discarded. */
export interface PendingMessage {
  /** `sent`: the hub has it, the channel's next push brings it. `failed`: retry or discard it. */
  readonly pending: "sending" | "sent" | "failed";
  readonly client_id: string;
  readonly sender: Card | undefined;
  readonly text: string;
  readonly sent_at: number;
  readonly reply_to?: number;
  readonly mentions?: string[];
  /** Why it failed. */
  readonly error?: PlenaryError;
}

type Sending = Operations["message.send"];

interface Entry {
  message: PendingMessage;
  readonly data: Sending["data"];
  settled: Deferred<Message>;
  /** The number it got, once it is `sent`. */
  seq?: number;
}

/** What the outbox needs of the connection. */
export interface OutboxOwner {
  readonly ready: boolean;
  request(op: "message.send", data: Sending["data"]): Promise<Sending["ok"]>;
  /** The messages of `channel` that are on their way have changed. */
  pending(channel: string): void;
  /** The number up to which `channel` is known here; endless when it is not joined. */
  known(channel: string): number;
}

/**
 * The messages on their way, in the order in which they were written. One that was sent and not acknowledged is
 * sent again on the next connection under the same client id, which the hub answers like the first time.
 */
export class Outbox {
  /** Counts up whenever anything in here is different. */
  version = 0;
  readonly #owner: OutboxOwner;
  readonly #entries = new Map<string, Entry>();

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  add(data: Sending["data"], sender: Card | undefined, now: number): Promise<Message> {
    if (this.#entries.size >= MOST_UNSETTLED) {
      return Promise.reject(
        new PlenaryError("queue.full", "Too many messages are not sent yet. Please wait, or discard failed ones."),
      );
    }
    const { client_id, text, reply_to, mentions } = data;
    const message: PendingMessage = {
      pending: "sending",
      client_id,
      sender,
      text,
      sent_at: now,
      ...(reply_to !== undefined && { reply_to }),
      ...(mentions && { mentions }),
    };
    return this.#start({ message, data, settled: deferred() });
  }

  /** Sends a failed message again, now as the last of its channel. */
  retry(clientId: string, now: number): Promise<Message> {
    const entry = this.#entries.get(clientId);
    if (entry?.message.pending !== "failed") {
      return Promise.reject(new PlenaryError("not_found", "This message is not waiting to be sent again."));
    }
    const { error: _, ...message } = entry.message;
    this.#entries.delete(clientId);
    return this.#start({ ...entry, message: { ...message, pending: "sending", sent_at: now }, settled: deferred() });
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    const entry = this.#entries.get(clientId);
    if (entry?.message.pending === "failed") this.#remove(entry);
  }

  of(channel: string): PendingMessage[] {
    return [...this.#entries.values()].filter(({ data }) => data.channel === channel).map(({ message }) => message);
  }

  /** `channel` has got `message`: if it was one's own on its way, it has arrived. */
  arrived(message: Message): void {
    const entry = this.#entries.get(message.client_id);
    if (!entry || entry.message.sender?.id !== message.sender.id) return;
    this.#entries.delete(message.client_id);
    this.version++;
    entry.settled.resolve(message);
  }

  /** `channel` is known up to `last`: what has a number up to there is in it, or was passed over by a reset. */
  passed(channel: string, last: number): void {
    for (const [id, { data, seq }] of this.#entries) {
      if (data.channel === channel && seq !== undefined && seq <= last) {
        this.#entries.delete(id);
        this.version++;
      }
    }
  }

  /** A new connection: sends again whatever has no answer. */
  resume(): void {
    for (const entry of this.#entries.values()) if (entry.message.pending === "sending") this.#transmit(entry);
  }

  /** The connection does not come back by itself. */
  fail(error: PlenaryError): void {
    for (const entry of this.#entries.values()) {
      if (entry.message.pending === "sending") this.#failed(entry, error);
    }
  }

  #start(entry: Entry): Promise<Message> {
    this.#entries.set(entry.data.client_id, entry);
    if (this.#owner.ready) this.#transmit(entry);
    this.#changed(entry);
    return entry.settled.promise;
  }

  #transmit(entry: Entry): void {
    const still = () => this.#entries.get(entry.data.client_id) === entry;
    this.#owner.request("message.send", entry.data).then(
      ({ seq, message }) => still() && this.#acknowledged(entry, seq, message),
      (error: PlenaryError) => still() && !comesBack(error) && this.#failed(entry, error),
    );
  }

  #acknowledged(entry: Entry, seq: number, message: Message): void {
    entry.settled.resolve(message);
    if (seq <= this.#owner.known(entry.data.channel)) return this.#remove(entry);
    entry.seq = seq;
    entry.message = { ...entry.message, pending: "sent" };
    this.#changed(entry);
  }

  #failed(entry: Entry, error: PlenaryError): void {
    entry.message = { ...entry.message, pending: "failed", error };
    entry.settled.reject(error);
    this.#changed(entry);
  }

  #changed(entry: Entry): void {
    this.version++;
    this.#owner.pending(entry.data.channel);
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.data.client_id);
    this.#changed(entry);
  }
}

/** Whether the message is sent again by itself, on the connection that follows. */
function comesBack({ code }: PlenaryError): boolean {
  return code === "connection.lost" || code === "server.draining" || code === "hello.required";
}
