import { unlessAborted, type SignalOption } from "./abort.js";
import { Connection, type ConnectionState } from "./connection.js";
import { deferred } from "./deferred.js";
import { attempt, Emitter } from "./emitter.js";
import { connectionLost, PlenaryError } from "./error.js";
import type { Feed } from "./feed.js";
import type { Card, ClosingPush, DirectSummary, EventPush, Grant, HelloAnswer, Limits } from "./generated.js";
import type { Message, Operations, Pushes, RolesPush, RoomPush, Sanction } from "./generated.js";
import type { Settings } from "./options.js";
import { Outbox } from "./outbox.js";
import type { ClientPart } from "./part.js";
import type { Cancel } from "./runtime.js";
import { Store } from "./store.js";
import { UnreadCounts, type Unread } from "./unread.js";
import type { Push } from "./wire.js";

/** What timers can wait, in milliseconds: about 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Everything of a client that can be shown, apart from its channels and conversations. */
export interface PlenarySnapshot {
  readonly state: ConnectionState;
  /** Oneself, as others see one; known once connected. */
  readonly person: Card | undefined;
  /** One's roles, and where they hold. */
  readonly roles: readonly Grant[];
  /** Whether one may only read, as guests do. */
  readonly readOnly: boolean;
  /** One's own sanctions in force. */
  readonly standing: readonly Sanction[];
  readonly limits: Limits | undefined;
  /** What is unread, by channel, joined or not. */
  readonly unread: ReadonlyMap<string, Unread>;
}

export interface PlenaryEvents {
  /** Anything of the snapshot is different. */
  update: PlenarySnapshot;
  /** The connection's state is different: show it. */
  state: ConnectionState;
  /** A connection is made, the first or another one. */
  hello: HelloAnswer;
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
  roles: RolesPush;
  /** Something that is read over REST changed; `onEventChanged` says when to read it again. */
  event: EventPush;
  /** A channel that was yours is not any more, and why. */
  removed: { channel: string; code: string; message: string };
  /** The hub is about to close the connection, and says why. */
  closing: ClosingPush;
}

/** What the parts of one client share: the connection, who one is, and which part each push is for. */
export abstract class Session extends Store<PlenarySnapshot, PlenaryEvents> {
  /** @internal Those joined or being joined. */
  readonly channels = new Map<string, Feed>();
  /** @internal */
  readonly outbox = new Outbox(this);
  /** @internal */
  readonly settings: Settings;
  /** @internal What the hub said when it last was connected to, and since. */
  hello?: HelloAnswer;
  /** @internal Why the connection does not come back by itself. */
  ended?: PlenaryError;
  readonly #parts = new Set<ClientPart>();
  readonly #pushes = new Emitter<{ [Name in keyof Pushes]: Push }>();
  readonly #counts = new UnreadCounts();
  readonly #connection: Connection;
  #clockAhead = 0;
  /** Runs until the next of one's sanctions ends. */
  #untilSanctionEnds?: Cancel;

  /** @internal */
  constructor(settings: Settings) {
    super();
    this.settings = settings;
    this.#connection = new Connection(settings, this);
  }

  /** Connects and stays connected; settles when it first is, or is refused for good. While it waits: tries now. */
  connect(): Promise<HelloAnswer> {
    return this.#connection.connect();
  }

  /** Ends the connection. Messages on their way fail; `connect` begins anew and joins the same channels. */
  close(): void {
    this.#connection.close();
  }

  /** Waits until there is a connection, now or later; fails when it is closed and does not come back by itself. */
  async ready({ signal }: SignalOption = {}): Promise<HelloAnswer> {
    const { promise, resolve, reject } = deferred<HelloAnswer>();
    const check = () => {
      if (this.ended) reject(this.ended);
      else if (this.state.status === "open") resolve(this.hello!);
    };
    const off = this.on("state", check);
    check();
    return unlessAborted(promise, signal).finally(off);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** The hub's time, in milliseconds since 1970: for countdowns on devices whose own clock is wrong. */
  now(): number {
    return this.settings.runtime.now() + this.#clockAhead;
  }

  /** Any operation of the protocol, for what has no method of its own. Fails with a `PlenaryError`. */
  request<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    options?: SignalOption,
  ): Promise<Operations[Name]["ok"]> {
    const { status } = this.state;
    if (status !== "open" && status !== "connecting") return Promise.reject(connectionLost());
    return this.#connection.requests.ask(op, data, options?.signal);
  }

  /** Calls `handler` at every push of that name, after the client has applied it; for what has no event of its own. */
  onPush<Name extends keyof Pushes>(
    name: Name,
    handler: (data: Pushes[Name], channel: string | undefined) => void,
    options?: SignalOption,
  ): () => void {
    return this.#pushes.on(name, ({ data, channel }) => handler(data as Pushes[Name], channel), options);
  }

  /** Keeps `part` in step with the hub, until the returned function is called. */
  attach(part: ClientPart): () => void {
    this.#parts.add(part);
    if (this.canSend) part.resume();
    return () => this.#parts.delete(part);
  }

  /** @internal Whether a request made now is sent now. */
  get canSend(): boolean {
    return this.#connection.requests.sending;
  }

  /** @internal */
  protected override capture(): PlenarySnapshot {
    const { person, roles = [], read_only: readOnly = false, standing = [], limits } = this.hello ?? {};
    return { state: this.state, person, roles, readOnly, standing, limits, unread: this.#counts.byChannel };
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
    const different = this.#counts.set(news);
    this.invalidate();
    if (!different) return;
    this.update();
    this.emit("unread", news);
  }

  /** @internal */
  resume(): void {
    this.#each((part) => part.resume());
    // After the channels, whose answers show what has arrived already.
    this.outbox.resume();
  }

  /** @internal */
  opened(hello: HelloAnswer): void {
    this.hello = hello;
    this.#clockAhead = hello.server_time - this.settings.runtime.now();
    this.#counts.replace(hello.unread);
    this.invalidate();
    this.#stand(hello.standing ?? []);
    for (const unread of hello.unread) this.emit("unread", unread);
    this.emit("hello", hello);
  }

  /** @internal */
  changed(state: ConnectionState): void {
    this.ended = state.status === "closed" ? new PlenaryError(state.reason, state.message) : undefined;
    if (this.ended) this.#untilSanctionEnds?.();
    if (this.ended) this.outbox.fail(this.ended);
    this.#each((part) => part.changed(state));
    this.update();
    this.emit("state", state);
  }

  /** @internal */
  pushed(push: Push): void {
    this.#each((part) => {
      if (part.channel === undefined || part.channel === push.channel) part.pushed(push);
    });
    this.#apply(push);
    this.#pushes.emit(push.push, push);
  }

  /** One's sanctions in force. Of those that end by themselves the hub does not tell when they do. */
  #stand(standing: Sanction[]): void {
    if (this.hello?.standing !== standing) this.hello = { ...this.hello!, standing };
    this.#untilSanctionEnds?.();
    this.#untilSanctionEnds = undefined;
    const next = Math.min(...standing.map(({ expires_at: end = Infinity }) => end));
    if (next === Infinity) return;
    this.#untilSanctionEnds = this.settings.runtime.after(Math.min(Math.max(next - this.now(), 0), LONGEST_TIMER), () => {
      const left = standing.filter(({ expires_at: end = Infinity }) => end > this.now());
      this.#stand(left);
      if (left.length === standing.length) return;
      this.update();
      this.emit("standing", left);
    });
  }

  /** Those attached by now: what is called may attach and detach others. */
  #each(run: (part: ClientPart) => void): void {
    const parts = [...this.#parts];
    for (const part of parts) {
      if (!this.#parts.has(part)) continue;
      // What a channel cannot read is the hub's mistake, and the connection's to end.
      if (this.channels.get(part.channel!) === part) run(part);
      else attempt(() => run(part));
    }
  }

  /** Applies what is not one channel's alone, and tells the user. */
  #apply({ push, channel = "", data }: Push): void {
    const joined = this.channels.get(channel)?.state;
    switch (push) {
      case "unread":
        if (!joined) this.counted({ ...data, channel });
        return;
      case "mention": {
        const counts = joined ? undefined : this.#counts.mentioned(channel, data.message.seq);
        if (counts) this.counted(counts);
        return this.emit(push, { ...data, channel });
      }
      case "direct": {
        // A joined channel is counted here: the hub may tell of a message after it was read.
        const { direct } = data;
        return this.emit(push, { direct: joined ? { ...direct, unread: joined.read.unread } : direct });
      }
      case "standing":
        this.#stand(data.sanctions);
        this.update();
        return this.emit(push, data.sanctions);
      case "roles":
        this.hello = { ...this.hello!, ...data };
        this.update();
        return this.emit(push, data);
      case "removed":
        return this.emit(push, { ...data, channel });
      case "closing":
      case "event":
      case "room":
        return this.emit(push, data);
    }
  }
}
