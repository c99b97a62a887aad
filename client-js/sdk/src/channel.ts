import { PlenaryError } from "./error.js";
import type { ChannelEvents, ChannelStatus, Feed } from "./feed.js";
import type { PendingMessage } from "./outbox.js";
import type { RequestOptions } from "./requests.js";
import type { Session } from "./session.js";
import { Throttle } from "./throttle.js";
import type { ChannelState, Message, People, Typing } from "./wire.js";

/** The hub counts one sign of typing per so many milliseconds. */
const TYPING_PAUSE = 3_000;
/** Messages per older page, unless the hub allows fewer. */
const HISTORY_PAGE = 100;

/** A message of a channel: settled, or one's own that is still on its way (then it has `pending`). */
export type ChatMessage = (Message & { readonly pending?: undefined }) | (PendingMessage & { readonly seq?: undefined });

export interface SendOptions {
  /** The `seq` of the message that is answered. */
  replyTo?: number;
  /** Ids of the people mentioned. */
  mentions?: string[];
}

/** A joined channel: its messages as they are now, and everything that can be done in it. */
export class Channel {
  readonly id: string;
  readonly #feed: Feed;
  readonly #session: Session;
  readonly #typing: Throttle;
  /** The list made last, with what it was made of. */
  #list: readonly ChatMessage[] = [];
  #settled: readonly Message[] | undefined;
  #version = -1;

  /** @internal Use `plenary.join`. */
  constructor(feed: Feed, session: Session) {
    this.id = feed.id;
    this.#feed = feed;
    this.#session = session;
    this.#typing = new Throttle(session.runtime, TYPING_PAUSE, () => {
      feed.typedAt = session.runtime.now();
      session.request("channel.typing", { channel: feed.id }).catch(() => {});
    });
  }

  /** Calls `handler` at every `event` until the returned function is called. */
  on<Name extends keyof ChannelEvents>(event: Name, handler: (value: ChannelEvents[Name]) => void): () => void {
    return this.#feed.on(event, handler);
  }

  get status(): ChannelStatus {
    return this.#feed.status;
  }

  /** The channel as it is now; a new object whenever it is different. */
  get state(): ChannelState {
    return this.#feed.state!;
  }

  /** Ascending by `seq`, then one's own that are on their way. A new array whenever it is different. */
  get messages(): readonly ChatMessage[] {
    const { messages } = this.#feed.sequence;
    const { outbox } = this.#session;
    if (messages !== this.#settled || outbox.version !== this.#version) {
      this.#list = [...messages, ...outbox.of(this.id)];
      this.#settled = messages;
      this.#version = outbox.version;
    }
    return this.#list;
  }

  /** Whether `history` has more to show. */
  get hasOlder(): boolean {
    return this.#feed.sequence.older;
  }

  /** Who is typing now, apart from oneself. */
  get typingNow(): Typing {
    return this.#feed.typing;
  }

  /** The emoji with which one reacted oneself to the message with this `seq`. */
  ownReactions(seq: number): readonly string[] {
    return this.#feed.own.of(seq);
  }

  /**
   * Sends a message. It is in `messages` at once and settles when the hub has it; if it fails, it stays there
   * with its error, to `retry` or `discard`. Without a connection it waits for the next one. Only with the code
   * `queue.full` it was not taken.
   */
  send(text: string, { replyTo, mentions }: SendOptions = {}): Promise<Message> {
    const { outbox, runtime, person } = this.#session;
    const data = {
      channel: this.id,
      client_id: runtime.uuid(),
      text,
      ...(replyTo !== undefined && { reply_to: replyTo }),
      ...(mentions?.length && { mentions }),
    };
    return outbox.add(data, person, runtime.now());
  }

  /** Sends a failed message again. */
  retry(clientId: string): Promise<Message> {
    return this.#session.outbox.retry(clientId, this.#session.runtime.now());
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.#session.outbox.discard(clientId);
  }

  /** Changes the text of a message of one's own. */
  async edit(seq: number, text: string): Promise<void> {
    await this.#session.request("message.edit", { channel: this.id, seq, text });
  }

  /** Deletes a message: one's own, or as a moderator anyone's, then with a reason for the record. */
  async delete(seq: number, reason?: string): Promise<void> {
    await this.#session.request("message.delete", { channel: this.id, seq, ...(reason && { reason }) });
  }

  /** Takes a deletion back, as a moderator. */
  async restore(seq: number): Promise<void> {
    await this.#session.request("message.restore", { channel: this.id, seq });
  }

  /** Adds one's reaction, or with `on` false takes it back. It counts as one's own at once. */
  async react(seq: number, emoji: string, on = true): Promise<void> {
    this.#setOwn(seq, emoji, on);
    try {
      await this.#session.request("message.react", { channel: this.id, seq, emoji, on });
    } catch (error) {
      this.#setOwn(seq, emoji, !on);
      throw error;
    }
  }

  /** Pins a message for everybody, or with `on` false unpins it, as a moderator. */
  async pin(seq: number, on = true): Promise<void> {
    await this.#session.request("message.pin", { channel: this.id, seq, on });
  }

  /**
   * Puts the page of older messages before `messages` and returns it; empty when there are none (see
   * `hasOlder`), or when the list was replaced meanwhile. Fails with `history.full` when the list holds ten
   * windows: `trim` it first.
   */
  async history(options?: RequestOptions): Promise<Message[]> {
    const { sequence, own } = this.#feed;
    if (!sequence.older) return [];
    const before = sequence.readingBack();
    if (before === undefined) {
      throw new PlenaryError("history.full", "So many messages are shown that no older ones can be added.");
    }
    const limit = Math.min(HISTORY_PAGE, this.#session.hello?.limits.history_page ?? HISTORY_PAGE);
    const page = await this.#session.request("channel.history", { channel: this.id, before, limit }, options);
    const added = sequence.readBack(before, page);
    if (added.length) own.learn(page.own_reactions);
    this.#feed.update();
    return added;
  }

  /** Lets go of what `history` added beyond the window; for when the reader is back at the newest message. */
  trim(): void {
    if (this.#feed.sequence.trim()) this.#feed.update();
  }

  /** Says that one is typing; call it at every key, it is sent once in 3 seconds. */
  typing(): void {
    if (this.status === "live") this.#typing.ask(false);
  }

  /** Marks everything up to `seq` (default: the last) as read; call it freely, it is sent once in 2 seconds. */
  read(seq: number = this.#feed.sequence.last): void {
    const { sequence, reader } = this.#feed;
    if (reader.read(seq, sequence.last, sequence.messages)) this.#feed.update();
  }

  /** The people in the channel, a page of 50; `next` is the `cursor` of the following one. */
  people(query: { cursor?: string; search?: string } = {}, options?: RequestOptions): Promise<People> {
    return this.#session.request("channel.people", { channel: this.id, ...query }, options);
  }

  /** Leaves the channel. This object stays as it is; `plenary.join` makes a new one. */
  leave(): void {
    this.#typing.stop();
    this.#feed.leave();
  }

  #setOwn(seq: number, emoji: string, on: boolean): void {
    this.#feed.own.set(seq, emoji, on);
    this.#feed.update();
  }
}
