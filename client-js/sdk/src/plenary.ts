import { Channel } from "./channel.js";
import type { ConnectionState } from "./connection.js";
import { Directs } from "./directs.js";
import type { Feed } from "./feed.js";
import { Moderation } from "./moderation.js";
import type { RequestOptions } from "./requests.js";
import { systemRuntime, type Runtime, type SocketConstructor } from "./runtime.js";
import { Session, type PlenaryEvents } from "./session.js";
import type { Card, Hello, Limits, Operations, Role, Sanction, Unread } from "./wire.js";

/** How many messages a channel keeps, unless told otherwise. */
const WINDOW = 500;

export interface PlenaryOptions {
  /** The event's slug. */
  event: string;
  /** The hub, as `https://host` or `wss://host/ws`; in a page that the hub itself serves it can be left out. */
  url?: string;
  /**
   * Signs in where the browser's cookie does not: a ticket (good for one connection) or, to stay connected, a
   * function that gets a fresh one. A `PlenaryError` that it throws is final, any other error is tried again.
   */
  ticket?: string | (() => string | Promise<string>);
  /** Name and version of the program, for the operator's records. */
  client?: string;
  /** How many messages a channel keeps; 500. Older ones are let go, and `history` gets them again. */
  window?: number;
  /** Where there is no global one, as in Node 20: the one of the package `ws`. */
  WebSocket?: SocketConstructor;
  /** Replaces clock, timers and chance, for tests. */
  runtime?: Partial<Runtime>;
}

/** A person's place in an event: one connection that is kept, and the channels joined over it. */
export class Plenary {
  /** One's conversations. */
  readonly directs: Directs;
  /** What moderators can do. */
  readonly moderation: Moderation;
  readonly #session: Session;
  /** One channel for each feed, as long as either is held. */
  readonly #channels = new WeakMap<Feed, Channel>();

  /** Does not connect yet. Throws a `TypeError` when `url` is not one, or there is no WebSocket. */
  constructor(options: PlenaryOptions) {
    const { event, ticket, client, window = WINDOW } = options;
    const runtime = { ...systemRuntime, ...options.runtime };
    const WebSocket = options.WebSocket ?? globalThis.WebSocket;
    if (!WebSocket) throw new TypeError("There is no WebSocket here: pass one as the option WebSocket.");
    const url = socketAddress(options.url);
    this.#session = new Session({ url, event, ticket, client, WebSocket, runtime }, window);
    this.directs = new Directs(this.#session);
    this.moderation = new Moderation(this.#session);
  }

  /** Calls `handler` at every `event` until the returned function is called. */
  on<Name extends keyof PlenaryEvents>(event: Name, handler: (value: PlenaryEvents[Name]) => void): () => void {
    return this.#session.on(event, handler);
  }

  /** Connects and stays connected; settles when it first is, or is refused for good. While it waits: tries now. */
  connect(): Promise<Hello> {
    return this.#session.connection.connect();
  }

  /** Ends the connection. Messages on their way fail; `connect` begins anew and joins the same channels. */
  close(): void {
    this.#session.connection.close();
  }

  get state(): ConnectionState {
    return this.#session.connection.state;
  }

  /** Oneself, as others see one; known once connected. */
  get person(): Card | undefined {
    return this.#session.person;
  }

  get roles(): readonly Role[] {
    return this.#session.hello?.roles ?? [];
  }

  /** Whether one may only read, as guests do. */
  get readOnly(): boolean {
    return this.#session.hello?.read_only ?? false;
  }

  /** One's own sanctions in force. */
  get standing(): readonly Sanction[] {
    return this.#session.hello?.standing ?? [];
  }

  get limits(): Limits | undefined {
    return this.#session.hello?.limits;
  }

  /** What is unread, by channel. */
  get unread(): ReadonlyMap<string, Unread> {
    return this.#session.unread;
  }

  /** The hub's time, in milliseconds since 1970: for countdowns on devices whose own clock is wrong. */
  now(): number {
    return this.#session.runtime.now() + this.#session.clockAhead;
  }

  /**
   * Joins a channel and keeps it joined over all connections; joining it twice gives the same object. Fails when
   * the hub refuses it, when it is left before, or with the reason of `signal`.
   */
  async join(id: string, { signal }: RequestOptions = {}): Promise<Channel> {
    signal?.throwIfAborted();
    const feed = this.#session.feed(id) ?? this.#session.follow(id);
    const channel = this.#channelOf(feed);
    const leave = () => feed.leave();
    signal?.addEventListener("abort", leave);
    try {
      await feed.joined;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
    return channel;
  }

  /** Keeps a person from writing to one directly. */
  async block(person: string): Promise<void> {
    await this.request("person.block", { person });
  }

  async unblock(person: string): Promise<void> {
    await this.request("person.unblock", { person });
  }

  /** Whom one blocks. */
  async blocks(options?: RequestOptions): Promise<Card[]> {
    return (await this.request("person.blocks", {}, options)).people;
  }

  #channelOf(feed: Feed): Channel {
    let channel = this.#channels.get(feed);
    if (!channel) this.#channels.set(feed, (channel = new Channel(feed, this.#session)));
    return channel;
  }

  /** Any operation of the protocol, for what has no method of its own. */
  request<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    options?: RequestOptions,
  ): Promise<Operations[Name]["ok"]> {
    return this.#session.request(op, data, options);
  }
}

/** The address of the socket, from that of the hub or, in a page of the hub, from nothing. */
function socketAddress(url = "/"): string {
  const address = new URL(url, globalThis.location?.href);
  address.protocol = address.protocol.replace("http", "ws");
  if (address.pathname === "/") address.pathname = "/ws";
  return address.href;
}
