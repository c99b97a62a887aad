import { unlessAborted, type SignalOption } from "./abort.js";
import type { ChannelEvents, ChannelSnapshot, ChannelStatus, ChatMessage } from "./channel-snapshot.js";
import type { ConnectionState } from "./connection.js";
import { deferred } from "./deferred.js";
import { PlenaryError } from "./error.js";
import type { ChannelJoinAnswer, ChannelState, Message, Operations, RoomPush } from "./generated.js";
import type { TickPush, TypingPeople } from "./generated.js";
import type { ClientPart } from "./part.js";
import { ReadPointer } from "./read-pointer.js";
import { Sequence, type Outcome } from "./sequence.js";
import type { Session } from "./session.js";
import type { Push } from "./wire.js";

/** Messages per older page. */
const HISTORY_PAGE = 100;
/** How many numbers one question for own reactions may span. */
const REACTIONS_SPAN = 200;

const NOBODY: TypingPeople = { names: [], more: 0 };

/** @internal The operations on a channel; `channel` is filled in. */
export type ChannelOperation = {
  [Name in keyof Operations]: Operations[Name]["data"] extends { channel: string } ? Name : never;
}[keyof Operations];

/** @internal One caller's hold on a feed. */
export interface Lease {
  emit<Name extends keyof ChannelEvents>(event: Name, value: ChannelEvents[Name]): void;
  update(): void;
}

/**
 * @internal The live side of a channel: keeps it joined and its messages complete over all connections, for as long
 * as anybody holds a lease.
 */
export class Feed implements ClientPart {
  status: ChannelStatus = "joining";
  /** The channel as it is now; a new object whenever it is different. Missing until it is joined. */
  state?: ChannelState;
  /** Settles when it is joined for the first time, or will not be. */
  readonly first = deferred<void>();
  readonly leases = new Set<Lease>();
  readonly #sequence: Sequence;
  readonly #reader: ReadPointer;
  readonly #detach: () => void;
  #messages: readonly ChatMessage[] = [];
  #typing = NOBODY;
  #totals: ChannelSnapshot["totals"] = {};
  /** Own reactions by number; messages do not tell them, they are the same for everybody. */
  #own: ReadonlyMap<number, readonly string[]> = new Map();
  /** The older page that is on its way. */
  #older?: Promise<Message[]>;
  /** Counts connections and joins: an answer to an earlier one means nothing any more. */
  #turn = 0;
  /** The log that all numbers here belong to: after a restore the hub has another one. */
  #log?: string;

  constructor(
    readonly channel: string,
    readonly session: Session,
  ) {
    this.#sequence = new Sequence(session.settings.window);
    this.#reader = new ReadPointer(channel, session);
    this.#detach = session.attach(this);
  }

  get snapshot(): ChannelSnapshot {
    return {
      status: this.status,
      state: this.state!,
      messages: this.#messages,
      typingNow: this.#typing,
      totals: this.#totals,
      hasOlder: this.#sequence.older,
      ownReactions: this.#own,
    };
  }

  /** Puts the page of older messages before the list; asked for again before it is there, it is the same page. */
  history({ signal }: SignalOption = {}): Promise<Message[]> {
    // Nobody would hear of a page's failure that is given up before it is asked for.
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#older ??= this.#readBack().finally(() => (this.#older = undefined));
    // One caller that gives up must not take the page from another.
    return signal ? unlessAborted(this.#older, signal) : this.#older;
  }

  trim(): void {
    if (this.#sequence.trim()) this.listed();
  }

  read(seq: number = this.#sequence.last): void {
    if (this.#reader.read(seq, this.#sequence.messages)) this.#update();
  }

  /** Ends a lease; with the last one the channel is left. */
  release(lease: Lease): void {
    if (!this.leases.delete(lease) || this.leases.size) return;
    if (!this.#end("left", new PlenaryError("channel.left", "You left this channel."))) return;
    this.ask("channel.leave", {}).catch(() => {});
  }

  resume(): void {
    this.#join();
  }

  changed(state: ConnectionState): void {
    const { ended } = this.session;
    // Whoever waits for a first join would wait for a connection that does not come.
    if (ended && !this.state) this.#removed(ended);
    else if (state.status !== "open") this.#lost();
  }

  pushed({ push, data }: Push): void {
    switch (push) {
      case "messages":
        return this.#tell(this.#sequence.pushed(data));
      case "reset":
        // The hub dropped pushes: only asking shows which.
        return this.#join();
      case "tick":
        return this.#ticked(data);
      case "totals":
        this.#totals = { ...this.#totals, ...data.totals };
        return this.#update();
      case "room":
        return this.#switched(data);
      case "unread":
        if (!this.state) return;
        this.#reader.told(data);
        return this.#update();
      case "removed":
        return this.#removed(new PlenaryError(data.code, data.message));
    }
  }

  /** The list is different. */
  listed(): void {
    this.#messages = [...this.#sequence.messages, ...this.session.outbox.of(this.channel)];
    this.#update();
  }

  learnOwn(own: Record<string, string[]>): void {
    const known = new Map(this.#own);
    for (const seq in own) known.set(Number(seq), own[seq]!);
    this.#own = known;
    this.#update();
  }

  ask<Name extends ChannelOperation>(
    op: Name,
    data: Omit<Operations[Name]["data"], "channel">,
    options?: SignalOption,
  ): Promise<Operations[Name]["ok"]> {
    return this.session.request(op, { ...data, channel: this.channel } as Operations[Name]["data"], options);
  }

  /** Asks to join, from the last number known. */
  #join(): void {
    const after = this.#sequence.joining();
    // Whoever joins is told all that there are.
    this.#totals = {};
    const question = this.ask("channel.join", { after, log: this.#log });
    this.#await(question, this.#lost(), (join) => this.#joined(join, after));
  }

  /** What is known may be behind from now on. */
  #lost(): number {
    if (this.status === "live") this.status = "joining";
    this.#typing = NOBODY;
    this.#update();
    return ++this.#turn;
  }

  #ticked(tick: TickPush): void {
    if (tick.people !== undefined) this.#learn({ people: tick.people });
    if (tick.typing) {
      const { names, more } = tick.typing;
      this.#typing = { names: names.filter((name) => name !== this.session.hello?.person?.name), more };
    }
    this.#update();
    this.#emit("tick", tick);
  }

  #switched(room: RoomPush): void {
    this.#learn({ room_switches: room });
    this.#update();
    this.#emit("room", room);
  }

  #removed(error: PlenaryError): void {
    if (this.#end("removed", error)) this.#emit("removed", error);
  }

  #learn(news: Partial<ChannelState>): void {
    if (this.state) this.state = { ...this.state, ...news };
  }

  #update(): void {
    this.#learn({ read: this.#reader.state });
    for (const lease of this.leases) lease.update();
  }

  #emit<Name extends keyof ChannelEvents>(event: Name, value: ChannelEvents[Name]): void {
    for (const lease of this.leases) lease.emit(event, value);
  }

  /** Takes the answer, unless it is of an earlier turn; tries again what failed for the moment. */
  #await<Answer>(question: Promise<Answer>, turn: number, take: (answer: Answer) => void): void {
    const current = () => turn === this.#turn;
    const failed = (error: PlenaryError) => {
      if (!current()) return;
      // Joining tells for certain whether the channel can still be read, and from where.
      if (error.retryAfter) this.session.settings.runtime.after(error.retryAfter, () => current() && this.#join());
      else this.#removed(error);
    };
    // An answer that cannot be used counts as a refusal.
    question.then((answer) => current() && take(answer), failed).catch(failed);
  }

  #joined(join: ChannelJoinAnswer, after: number | undefined): void {
    const { log } = this.session.hello!;
    const anew = this.#log !== log;
    this.#log = log;
    // What is acknowledged and not in the list was said in the other log.
    if (anew) this.session.outbox.arrived(this.channel, Infinity, []);
    const outcome = this.#sequence.joined(join, after);
    if (outcome.reset) this.#askOwnReactions();
    this.status = "live";
    this.state = join.state;
    this.#tell(outcome);
    this.#reader.joined(join.state.read, this.#sequence.messages, anew, !this.#sequence.older);
    this.#update();
    this.first.resolve();
  }

  async #readBack(): Promise<Message[]> {
    if (!this.#sequence.older) return [];
    const before = this.#sequence.readingBack();
    const page = await this.ask("channel.history", { before, limit: HISTORY_PAGE });
    const added = this.#sequence.readBack(page);
    this.learnOwn(page.own_reactions);
    this.listed();
    return added;
  }

  #askOwnReactions(): void {
    let to = 0;
    this.#own = new Map();
    for (const { seq, reactions } of this.#sequence.messages) {
      if (!reactions || seq <= to) continue;
      to = seq + REACTIONS_SPAN - 1;
      // Failing leaves them unknown, which only looks paler.
      this.ask("channel.own_reactions", { from: seq, to }).then(
        ({ own }) => this.learnOwn(own),
        () => {},
      );
    }
  }

  /** Puts what an outcome says into the state, then tells the user. */
  #tell({ added, changed, before, touched, reset, ask }: Outcome): void {
    const { last } = this.#sequence;
    this.#reader.added(added);
    this.#reader.changed(before, changed);
    if (this.state) this.state = stateAfter(this.state, last, added, touched);
    this.session.outbox.arrived(this.channel, last, added);
    this.listed();
    if (ask === "join") this.#join();
    else if (ask) {
      const question = this.ask("channel.catch_up", { after: last });
      this.#await(question, this.#turn, (answer) => this.#tell(this.#sequence.caughtUp(answer)));
    }
    if (reset) this.#emit("reset", undefined);
    for (const message of added) this.#emit("message", message);
    for (const message of changed) this.#emit("change", message);
  }

  #end(status: "left" | "removed", error: PlenaryError): boolean {
    if (this.session.channels.get(this.channel) !== this) return false;
    this.session.channels.delete(this.channel);
    this.#detach();
    this.status = status;
    this.first.reject(error);
    this.#lost();
    return true;
  }
}

function stateAfter(state: ChannelState, head: number, added: Message[], touched: Message[]): ChannelState {
  const others = state.pinned.filter(({ seq }) => !touched.some((message) => message.seq === seq));
  const pinned = touched.filter(({ pinned_at, deleted }) => pinned_at && !deleted);
  return {
    ...state,
    head,
    count: Math.max(state.count, added.at(-1)?.ordinal ?? 0),
    pinned: [...others, ...pinned].sort((one, other) => one.seq - other.seq),
  };
}
