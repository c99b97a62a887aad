import { Connection, type ConnectionOptions, type ConnectionState } from "./connection.js";
import { Emitter } from "./emitter.js";
import { PlenaryError } from "./error.js";
import { Feed } from "./feed.js";
import { Outbox } from "./outbox.js";
import type { RequestOptions } from "./requests.js";
import type { Runtime } from "./runtime.js";
import type { Card, Closing, DirectSummary, EventPush, Hello, Message, Operations } from "./wire.js";
import type { Push, Role, RoomPush, Sanction, Unread } from "./wire.js";

/** How many channels are counted that are not joined; the hub names them anew with each `hello`. */
const MOST_COUNTED = 1_000;

export interface PlenaryEvents {
  /** The connection's state is different: show it. */
  state: ConnectionState;
  /** A connection is made, the first or another one. */
  hello: Hello;
  /** A conversation has its first or a new message. */
  direct: DirectSummary;
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
  /** A channel is not yours any more. */
  removed: { channel: string; code: string };
  /** The hub is about to close the connection, and says why. */
  closing: Closing;
}

/** What the parts of one client share: the connection, who one is, and where each push belongs. */
export class Session extends Emitter<PlenaryEvents> {
  readonly runtime: Runtime;
  readonly outbox: Outbox;
  readonly connection: Connection;
  readonly unread = new Map<string, Unread>();
  /** How many messages a channel keeps. */
  readonly window: number;
  /** What the hub said when it last was connected to, and since. */
  hello: Hello | undefined;
  /** How far the hub's clock is ahead of the one here, in milliseconds. */
  clockAhead = 0;
  readonly #feeds = new Map<string, Feed>();

  constructor(options: ConnectionOptions, window: number) {
    super();
    this.window = window;
    this.runtime = options.runtime;
    this.connection = new Connection(options, {
      resume: () => this.#resume(),
      opened: (hello) => this.#opened(hello),
      pushed: (push) => this.#pushed(push),
      changed: (state) => this.#changed(state),
    });
    this.outbox = new Outbox(this);
  }

  /** Whether a request made now is sent now. */
  get ready(): boolean {
    return this.connection.ready;
  }

  /** Oneself; known once the first `hello` is answered. */
  get person(): Card | undefined {
    return this.hello?.person;
  }

  /** Asks the hub: answered once, or failed with a `PlenaryError`. */
  request<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    options?: RequestOptions,
  ): Promise<Operations[Name]["ok"]> {
    return this.connection.request(op, data, options);
  }

  feed(channel: string): Feed | undefined {
    return this.#feeds.get(channel);
  }

  /** Joins a channel that has no feed yet. */
  follow(channel: string): Feed {
    const feed = new Feed(channel, this, () => this.#feeds.delete(channel));
    this.#feeds.set(channel, feed);
    feed.on("removed", ({ code }) => this.emit("removed", { channel, code }));
    return feed;
  }

  /** The number up to which a channel is known here; endless when it is not joined. */
  known(channel: string): number {
    return this.#feeds.get(channel)?.sequence.last ?? Infinity;
  }

  /** The messages on their way to a channel are different. */
  pending(channel: string): void {
    this.#feeds.get(channel)?.update();
  }

  counted(unread: Unread): void {
    const { channel, unread: count, mentions } = unread;
    const known = this.unread.get(channel);
    if (known?.unread === count && known.mentions === mentions) return;
    if (!known && this.unread.size >= MOST_COUNTED) return;
    this.unread.set(channel, unread);
    this.emit("unread", unread);
  }

  #resume(): void {
    for (const feed of this.#feeds.values()) feed.join();
    this.outbox.resume();
  }

  #opened(hello: Hello): void {
    this.hello = hello;
    this.clockAhead = hello.server_time - this.runtime.now();
    this.unread.clear();
    for (const unread of hello.unread) this.counted(unread);
    this.emit("hello", hello);
  }

  #changed(state: ConnectionState): void {
    if (state.status === "closed") this.outbox.fail(new PlenaryError(state.reason, state.message));
    if (state.status === "waiting" || state.status === "closed") {
      for (const feed of this.#feeds.values()) feed.lost();
    }
    this.emit("state", state);
  }

  #pushed(push: Push): void {
    const feed = this.#feeds.get(push.channel ?? "");
    switch (push.push) {
      case "messages":
        return feed?.pushed(push.data);
      case "tick":
        return feed?.tick(push.data);
      case "reset":
        return feed?.dropped();
      case "removed":
        if (feed) return feed.removed(push.data.code);
        return this.emit("removed", { channel: push.channel ?? "", code: push.data.code });
      case "unread":
        if (feed?.state) return feed.unread(push.data);
        return this.counted({ channel: push.channel ?? "", ...push.data });
      case "mention":
        return this.emit("mention", { channel: push.channel ?? "", message: push.data.message });
      case "direct":
        return this.emit("direct", push.data.direct);
      case "room":
        for (const followed of this.#feeds.values()) followed.room(push.data);
        return this.emit("room", push.data);
      case "standing":
        this.#learn({ standing: push.data.sanctions });
        return this.emit("standing", push.data.sanctions);
      case "roles":
        this.#learn(push.data);
        return this.emit("roles", push.data);
      case "event":
        return this.emit("event", push.data);
      case "closing":
        return this.emit("closing", push.data);
    }
  }

  #learn(news: Partial<Hello>): void {
    if (this.hello) this.hello = { ...this.hello, ...news };
  }
}
