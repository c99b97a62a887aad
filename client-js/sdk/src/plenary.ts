import { Channel } from "./channel.js";
import { Directs } from "./directs.js";
import { Moderation } from "./moderation.js";
import type { RequestOptions } from "./requests.js";
import { systemRuntime, type Runtime, type SocketConstructor } from "./runtime.js";
import { Session } from "./session.js";
import type { Card, Limits, Role, Sanction } from "./wire.js";

/** How many messages a channel keeps, unless told otherwise. */
const WINDOW = 500;

export interface PlenaryOptions {
  /** The event's slug. */
  event: string;
  /** The hub's socket, `https://host/ws`; in a page that the hub itself serves it can be left out. */
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
export class Plenary extends Session {
  /** One's conversations. */
  readonly directs = new Directs(this);
  /** What moderators can do. */
  readonly moderation = new Moderation(this);

  /** Does not connect yet. Throws a `TypeError` when `url` is not one, or there is no WebSocket. */
  constructor(options: PlenaryOptions) {
    const { url = "/ws", window = WINDOW, WebSocket = globalThis.WebSocket } = options;
    if (!WebSocket) throw new TypeError("Please pass a WebSocket: there is none here.");
    const runtime = { ...systemRuntime, ...options.runtime };
    const address = new URL(url, globalThis.location?.href).href.replace(/^http/, "ws");
    super({ ...options, url: address, WebSocket, runtime }, window);
  }

  get roles(): readonly Role[] {
    return this.hello?.roles ?? [];
  }

  /** Whether one may only read, as guests do. */
  get readOnly(): boolean {
    return this.hello?.read_only ?? false;
  }

  /** One's own sanctions in force. */
  get standing(): readonly Sanction[] {
    return this.hello?.standing ?? [];
  }

  get limits(): Limits | undefined {
    return this.hello?.limits;
  }

  /**
   * Joins a channel and keeps it joined over all connections; joining it twice gives the same object. Fails when
   * the hub refuses it, or the connection is closed and does not come back. Aborting `signal` leaves it, now or later.
   */
  async join(id: string, { signal }: RequestOptions = {}): Promise<Channel> {
    signal?.throwIfAborted();
    let channel = this.channels.get(id);
    if (!channel) {
      if (this.ended) throw this.ended;
      this.channels.set(id, (channel = new Channel(id, this)));
    }
    signal?.addEventListener("abort", () => channel.leave());
    await channel.first.promise;
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
}
