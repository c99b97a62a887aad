import type { SignalOption } from "./abort.js";
import type { ChannelEvents, ChannelSnapshot, ChannelStatus, ChatMessage } from "./channel-snapshot.js";
import type { Feed } from "./feed.js";
import type { ChannelPeopleAnswer, ChannelState, Message, TypingPeople } from "./generated.js";
import { uuid } from "./runtime.js";
import type { Session } from "./session.js";
import { Store } from "./store.js";

export interface SendOptions {
  /** The `seq` of the message that is answered. */
  replyTo?: number;
  /** Ids of the people mentioned. */
  mentions?: string[];
}

type Seq = { seq: number };

const NONE: readonly string[] = [];

/**
 * One caller's hold on a channel: its messages as they are now, and everything that can be done in it. Each
 * `plenary.join` gives its own; the channel stays joined until all of them have left.
 */
export class Channel extends Store<ChannelSnapshot, ChannelEvents> {
  readonly id: string;
  readonly #feed: Feed;
  readonly #session: Session;
  readonly #signal: AbortSignal | undefined;
  /** How it looked when it was left. */
  #final?: ChannelSnapshot;
  #typedAt = 0;

  /** @internal Use `plenary.join`. */
  constructor(feed: Feed, signal?: AbortSignal) {
    super();
    this.id = feed.channel;
    this.#feed = feed;
    this.#session = feed.session;
    this.#signal = signal;
    feed.leases.add(this);
    signal?.addEventListener("abort", this.#abort);
    // Taken away, or never joined: nothing is left to abort.
    this.on("removed", this.#abort);
  }

  get status(): ChannelStatus {
    return this.snapshot.status;
  }

  /** The channel as it is now; a new object whenever it is different. */
  get state(): ChannelState {
    return this.snapshot.state;
  }

  /** Ascending by `seq`, then one's own that are on their way; a new array whenever it is different. */
  get messages(): readonly ChatMessage[] {
    return this.snapshot.messages;
  }

  /** Who is typing now, apart from oneself. */
  get typingNow(): TypingPeople {
    return this.snapshot.typingNow;
  }

  /** What the hub's capabilities count here, by kind. */
  get totals(): Readonly<Record<string, unknown>> {
    return this.snapshot.totals;
  }

  /** Whether `history` has more to show. */
  get hasOlder(): boolean {
    return this.snapshot.hasOlder;
  }

  /** The emoji with which one reacted oneself to the message with this `seq`. */
  ownReactions(seq: number): readonly string[] {
    return this.snapshot.ownReactions.get(seq) ?? NONE;
  }

  /**
   * Puts the page of older messages before `messages` and returns it; empty when there are none (see
   * `hasOlder`), or when it does not fit any more because the list was replaced meanwhile. Asked for again
   * before it is there, it is the same page.
   */
  history(options?: SignalOption): Promise<Message[]> {
    return this.#feed.history(options);
  }

  /** Drops what `history` added beyond the window; for when the reader is back at the newest message. */
  trim(): void {
    this.#feed.trim();
  }

  /** Marks everything up to `seq` (default: the last) as read; call it freely, it is sent once in 2 seconds. */
  read(seq?: number): void {
    this.#feed.read(seq);
  }

  /** Ends this hold; when it was the last one, the channel is left. This object stays as it is. */
  leave(): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    if (!this.#feed.leases.has(this) || this.status === "removed") return;
    this.#final = Object.freeze({ ...this.snapshot, status: "left" as const });
    this.#feed.release(this);
    this.update();
  }

  /**
   * Sends a message. It is in `messages` at once and settles when the hub has it; if it fails, it stays there
   * with its error, to `retry` or `discard`. Without a connection it waits for the next one. Only with the code
   * `queue.full` it was not taken.
   */
  send(text: string, { replyTo, mentions }: SendOptions = {}): Promise<Message> {
    const client_id = uuid(this.#session.settings.runtime.random);
    return this.#session.outbox.add({ channel: this.id, client_id, text, reply_to: replyTo, mentions });
  }

  /** Sends a failed message again. */
  retry(clientId: string): Promise<Message> {
    return this.#session.outbox.retry(clientId);
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.#session.outbox.discard(clientId);
  }

  /**
   * Changes the text of a message of one's own; without `mentions` it mentions the same people as before. Like all
   * changes it answers with the number of the change.
   */
  edit(seq: number, text: string, { mentions }: Pick<SendOptions, "mentions"> = {}): Promise<Seq> {
    return this.#feed.ask("message.edit", { seq, text, mentions });
  }

  /** Deletes a message: one's own, or as a moderator anyone's, then with a reason for the record. */
  delete(seq: number, reason?: string): Promise<Seq> {
    return this.#feed.ask("message.delete", { seq, reason });
  }

  /** Undoes a deletion, as a moderator. */
  restore(seq: number): Promise<Seq> {
    return this.#feed.ask("message.restore", { seq });
  }

  /** Adds one's reaction, or with `on` false removes it. */
  async react(seq: number, emoji: string, on = true): Promise<Seq> {
    const answer = await this.#feed.ask("message.react", { seq, emoji, on });
    const others = this.ownReactions(seq).filter((other) => other !== emoji);
    this.#feed.learnOwn({ [seq]: on ? [...others, emoji] : others });
    return answer;
  }

  /** Pins a message for everybody, or with `on` false unpins it, as a moderator. */
  pin(seq: number, on = true): Promise<Seq> {
    return this.#feed.ask("message.pin", { seq, on });
  }

  /** Says that one is typing; call it at every key, it is sent once in 3 seconds. */
  typing(): void {
    const { runtime, delays } = this.#session.settings;
    const now = runtime.now();
    if (this.status !== "live" || now - this.#typedAt < delays.typingInterval) return;
    this.#typedAt = now;
    this.#feed.ask("channel.typing", {}).catch(() => {});
  }

  /** The people in the channel, a page of 50; `next` is the `cursor` of the following one. */
  people(query: { cursor?: string; search?: string } = {}, options?: SignalOption): Promise<ChannelPeopleAnswer> {
    return this.#feed.ask("channel.people", query, options);
  }

  /** @internal */
  protected override capture(): ChannelSnapshot {
    return this.#final ?? this.#feed.snapshot;
  }

  readonly #abort = (): void => this.leave();
}
