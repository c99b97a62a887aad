import { unlessAborted, type SignalOption } from "./abort.js";
import { Channel } from "./channel.js";
import { Directs } from "./directs.js";
import { attempt } from "./emitter.js";
import { Feed } from "./feed.js";
import type { Card, Grant, Limits, Part, Sanction } from "./generated.js";
import { Moderation } from "./moderation.js";
import { defaultDelays, type PlenaryOptions } from "./options.js";
import { EventRefresh, type EventChange, type RefreshOptions } from "./refresh.js";
import { systemRuntime } from "./runtime.js";
import { Session } from "./session.js";
import type { Unread } from "./unread.js";

/** How many messages a channel keeps, unless told otherwise. */
const WINDOW = 500;

/** A person's place in an event: one connection that is kept, and the channels joined over it. */
export class Plenary extends Session {
  /** One's conversations. */
  readonly directs = new Directs(this);
  /** What moderators can do. */
  readonly moderation = new Moderation(this);

  /** Does not connect yet. Throws a `TypeError` when `url` is not a socket's, or there is no WebSocket. */
  constructor(options: PlenaryOptions) {
    const { url = "/ws", window = WINDOW, WebSocket = globalThis.WebSocket, log = () => {} } = options;
    if (!WebSocket) throw new TypeError("Please pass a WebSocket: there is none here.");
    const runtime = { ...systemRuntime, ...options.runtime };
    const delays = { ...defaultDelays, ...options.delays };
    const address = new URL(url, globalThis.location?.href).href.replace(/^http/, "ws");
    if (!/^wss?:[^#]+$/.test(address)) throw new TypeError("Please pass a WebSocket's url.");
    super({ ...options, url: address, window, WebSocket, log: (...entry) => attempt(() => log(...entry)), delays, runtime });
  }

  /** Oneself, as others see one; known once connected. */
  get person(): Card | undefined {
    return this.snapshot.person;
  }

  /** One's roles, and where they hold. */
  get roles(): readonly Grant[] {
    return this.snapshot.roles;
  }

  /** Whether one may only read, as guests do. */
  get readOnly(): boolean {
    return this.snapshot.readOnly;
  }

  /** One's own sanctions in force. */
  get standing(): readonly Sanction[] {
    return this.snapshot.standing;
  }

  get limits(): Limits | undefined {
    return this.snapshot.limits;
  }

  /** What is unread, by channel; a new map whenever it is different. */
  get unread(): ReadonlyMap<string, Unread> {
    return this.snapshot.unread;
  }

  /**
   * Joins a channel and keeps it joined over all connections. Fails when the hub refuses it, or the connection is
   * closed and does not come back. Each call gives a hold of its own, which ends with `leave` or when `signal` is
   * aborted, now or later; the channel is left with the last one.
   */
  async join(id: string, { signal }: SignalOption = {}): Promise<Channel> {
    signal?.throwIfAborted();
    let feed = this.channels.get(id);
    if (!feed) {
      if (this.ended) throw this.ended;
      this.channels.set(id, (feed = new Feed(id, this)));
    }
    const channel = new Channel(feed, signal);
    await unlessAborted(feed.first.promise, signal);
    return channel;
  }

  /**
   * Calls `read` when something of `parts` has changed and is to be read again over REST, at a random moment within
   * the time that the hub names (else `delays.refreshWithin`), also after a connection that missed changes.
   */
  onEventChanged(
    parts: readonly Part[],
    read: (change: EventChange) => void,
    options: RefreshOptions = {},
  ): EventRefresh {
    return new EventRefresh(this, parts, read, options);
  }

  /** Keeps a person from writing to one directly. */
  async block(person: string): Promise<void> {
    await this.request("person.block", { person });
  }

  async unblock(person: string): Promise<void> {
    await this.request("person.unblock", { person });
  }

  /** Whom one blocks. */
  async blocks(options?: SignalOption): Promise<Card[]> {
    return (await this.request("person.blocks", {}, options)).people;
  }
}
