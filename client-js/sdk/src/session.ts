import { Channel } from "./channel.js";
import { Connection, type ConnectionOptions, type ConnectionState } from "./connection.js";
import { Emitter } from "./emitter.js";
import { connectionLost, PlenaryError } from "./error.js";
import { Outbox } from "./outbox.js";
import type { RequestOptions } from "./requests.js";
import type { Runtime } from "./runtime.js";
import type { Card, Closing, DirectSummary, EventPush, Hello, Message, Operations } from "./wire.js";
import type { Push, Role, RoomPush, Sanction, Unread } from "./wire.js";

export interface PlenaryEvents {
  /** The connection's state is different: show it. */
  state: ConnectionState;
  /** A connection is made, the first or another one. */
  hello: Hello;
  /** A conversation has its first or a new message. */
  direct: { direct: DirectSummary };
  /** A channel's counts are different, also of one that is not joined. */
  unread: Unread;
  /** Somebody mentioned you, in any channel. */
  mention: { channel: string; message: Message };
  /** A room's switches or name changed. */
  room: RoomPush;
  /** Your own sanctions changed. */
  standing: readonly Sanction[];
  roles: { roles: readonly Role[]; read_only: boolean };
  /** Something that is read over REST changed; fetch it again. */
  event: EventPush;
  /** A channel that was yours is not any more, and why. */
  removed: { channel: string; code: string; message: string };
  /** The hub is about to close the connection, and says why. */
  closing: Closing;
}

/** What the parts of one client share: the connection, who one is, and where each push belongs. */
export abstract class Session extends Emitter<PlenaryEvents> {
  /** What is unread, by channel. */
  readonly unread: ReadonlyMap<string, Unread>;
  /** @internal Those joined or being joined. */
  readonly channels = new Map<string, Channel>();
  /** @internal */
  readonly outbox = new Outbox(this);
  /** @internal */
  readonly runtime: Runtime;
  /** @internal How many messages a channel keeps. */
  readonly window: number;
  /** @internal What the hub said when it last was connected to, and since. */
  hello?: Hello;
  /** @internal Why the connection does not come back by itself. */
  ended?: PlenaryError;
  readonly #counts = new Map<string, Unread>();
  readonly #connection: Connection;
  #clockAhead = 0;

  /** @internal */
  constructor(options: ConnectionOptions, window: number) {
    super();
    this.unread = this.#counts;
    this.window = window;
    this.runtime = options.runtime;
    this.#connection = new Connection(options, this);
  }

  /** Connects and stays connected; settles when it first is, or is refused for good. While it waits: tries now. */
  connect(): Promise<Hello> {
    return this.#connection.connect();
  }

  /** Ends the connection. Messages on their way fail; `connect` begins anew and joins the same channels. */
  close(): void {
    this.#connection.close();
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Oneself, as others see one; known once connected. */
  get person(): Card | undefined {
    return this.hello?.person;
  }

  /** The hub's time, in milliseconds since 1970: for countdowns on devices whose own clock is wrong. */
  now(): number {
    return this.runtime.now() + this.#clockAhead;
  }

  /** Any operation of the protocol, for what has no method of its own. Fails with a `PlenaryError`. */
  request<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    options?: RequestOptions,
  ): Promise<Operations[Name]["ok"]> {
    const { status } = this.#connection.state;
    if (status !== "open" && status !== "connecting") return Promise.reject(connectionLost());
    return this.#connection.requests.ask(op, data, options?.signal);
  }

  /** @internal Whether a request made now is sent now. */
  get ready(): boolean {
    return this.#connection.requests.sending;
  }

  /** @internal */
  known(channel: string): number {
    return this.channels.get(channel)?.state?.head ?? Infinity;
  }

  /** @internal */
  pending(channel: string): void {
    this.channels.get(channel)?.listed();
  }

  /** @internal A channel was counted, by the hub or here. */
  counted(news: Unread): void {
    const known = this.unread.get(news.channel);
    this.#counts.set(news.channel, news);
    if (known?.unread !== news.unread || known.mentions !== news.mentions) this.emit("unread", news);
  }

  /** @internal */
  resume(): void {
    for (const channel of this.channels.values()) channel.join();
    this.outbox.resume();
  }

  /** @internal */
  opened(hello: Hello): void {
    this.hello = hello;
    this.#clockAhead = hello.server_time - this.runtime.now();
    this.#counts.clear();
    for (const unread of hello.unread) this.counted(unread);
    this.emit("hello", hello);
  }

  /** @internal */
  changed(state: ConnectionState): void {
    this.ended = state.status === "closed" ? new PlenaryError(state.reason, state.message) : undefined;
    if (this.ended) this.outbox.fail(this.ended);
    for (const channel of this.channels.values()) {
      // Whoever waits for a first join would wait for a connection that does not come.
      if (this.ended && !channel.state) channel.removed(this.ended);
      else if (state.status !== "open") channel.lost();
    }
    this.emit("state", state);
  }

  /** @internal */
  pushed(said: Push): void {
    const { push, channel: id = "", data } = said;
    const channel = this.channels.get(id);
    switch (push) {
      case "messages":
        return channel?.pushed(data);
      case "tick":
        return channel?.ticked(data);
      case "reset":
        // The hub dropped pushes: only asking shows which.
        return channel?.join();
      case "unread":
        if (!channel?.state) return this.counted({ ...data, channel: id });
        return channel.counted(data);
      case "mention": {
        // The hub counts once until one reads; a mention after that is counted here.
        const { unread = 0, mentions = 0, seq = 0 } = this.unread.get(id) ?? {};
        const to = data.message.seq;
        if (!channel?.state && to > seq) this.counted({ channel: id, unread: unread + 1, mentions: mentions + 1, seq: to });
        break;
      }
      case "direct":
        // A joined channel is counted here: the hub may tell of a message after it was read.
        if (channel?.state) data.direct.unread = channel.state.read.unread;
        break;
      case "removed":
        channel?.removed(new PlenaryError(data.code, data.message));
        break;
      case "room":
        channel?.switched(data);
        break;
      case "standing":
        this.hello!.standing = data.sanctions;
        return this.emit("standing", data.sanctions);
      case "roles":
        Object.assign(this.hello!, data);
    }
    this.emit(push, { ...data, channel: id } as never);
  }
}
