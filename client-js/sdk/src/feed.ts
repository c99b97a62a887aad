import { deferred } from "./deferred.js";
import { Emitter } from "./emitter.js";
import { PlenaryError } from "./error.js";
import type { PendingMessage } from "./outbox.js";
import { ReadPointer } from "./read-pointer.js";
import type { RequestOptions } from "./requests.js";
import { Sequence, type Outcome } from "./sequence.js";
import type { Session } from "./session.js";
import type { ChannelState, Join, Message, MessagesPush, Operations, Pushes, RoomPush, Tick, Typing } from "./wire.js";

/** Messages per older page. */
const HISTORY_PAGE = 100;
/** How many numbers one question for own reactions may span. */
const REACTIONS_SPAN = 200;

const NOBODY: Typing = { names: [], more: 0 };

/** A message of a channel: settled, or one's own that is still on its way (then it has `pending`). */
export type ChatMessage =
  | (Message & { readonly pending?: undefined })
  | (PendingMessage & { readonly seq?: undefined });

export interface ChannelEvents {
  /** A message not seen before; exactly once each, in order. Not those that joining found already there. */
  message: Message;
  /** A message of the list looks different: edited, deleted, restored, pinned, other reactions. */
  change: Message;
  /** The list was replaced: between what was known before and now there may be a gap. */
  reset: void;
  /** Anything of the channel is different; once for everything that arrived together. */
  update: void;
  /** People in the channel, and who is typing. */
  tick: Tick;
  /** The room's switches or name changed. */
  room: RoomPush;
  /** The channel is not yours any more, and why. */
  removed: PlenaryError;
}

/** `joining`: what is shown may be behind. `left` and `removed`: nothing arrives any more. */
export type ChannelStatus = "joining" | "live" | "left" | "removed";

/** The operations on a channel; `channel` is filled in. */
type ChannelOperation = {
  [Name in keyof Operations]: Operations[Name]["data"] extends { channel: string } ? Name : never;
}[keyof Operations];

/** The live side of a channel: keeps it joined and its messages complete over all connections. */
export abstract class Feed extends Emitter<ChannelEvents> {
  status: ChannelStatus = "joining";
  /** The channel as it is now; a new object whenever it is different. */
  state!: ChannelState;
  /** Ascending by `seq`, then one's own that are on their way; a new array whenever it is different. */
  messages: readonly ChatMessage[] = [];
  /** Who is typing now, apart from oneself. */
  typingNow = NOBODY;
  /** @internal */
  readonly session: Session;
  /** @internal Settles when it is joined for the first time, or will not be. */
  readonly first = deferred<void>();
  readonly #sequence: Sequence;
  readonly #reader: ReadPointer;
  /** Own reactions by number; messages do not tell them, they are the same for everybody. */
  readonly #own = new Map<number, readonly string[]>();
  /** The older page that is on its way. */
  #older?: Promise<Message[]>;
  /** Counts connections and joins: an answer to an earlier one means nothing any more. */
  #turn = 0;
  /** The log that all numbers here belong to: after a restore the hub has another one. */
  #log?: string;

  /** @internal Use `plenary.join`. */
  constructor(
    readonly id: string,
    session: Session,
  ) {
    super();
    this.session = session;
    this.#sequence = new Sequence(session.window);
    this.#reader = new ReadPointer(id, session);
    if (session.ready) this.join();
  }

  /** Whether `history` has more to show. */
  get hasOlder(): boolean {
    return this.#sequence.older;
  }

  /** The emoji with which one reacted oneself to the message with this `seq`. */
  ownReactions(seq: number): readonly string[] {
    return this.#own.get(seq) ?? [];
  }

  /**
   * Puts the page of older messages before `messages` and returns it; empty when there are none (see
   * `hasOlder`), or when it does not fit any more because the list was replaced meanwhile. Asked for again
   * before it is there, it is the same page.
   */
  history(options?: RequestOptions): Promise<Message[]> {
    return (this.#older ??= this.#readBack(options).finally(() => (this.#older = undefined)));
  }

  /** Lets go of what `history` added beyond the window; for when the reader is back at the newest message. */
  trim(): void {
    if (this.#sequence.trim()) this.listed();
  }

  /** Marks everything up to `seq` (default: the last) as read; call it freely, it is sent once in 2 seconds. */
  read(seq: number = this.#sequence.last): void {
    if (this.#reader.read(seq, this.#sequence.messages)) this.update();
  }

  /** Leaves the channel. This object stays as it is; `plenary.join` makes a new one. */
  leave(): void {
    if (!this.#end("left", new PlenaryError("channel.left", "You left this channel."))) return;
    this.ask("channel.leave", {}).catch(() => {});
  }

  /** @internal Asks to join, from the last number known. */
  join(): void {
    const after = this.#sequence.joining();
    this.#await(this.ask("channel.join", { after, log: this.#log }), this.lost(), (join) => this.#joined(join, after));
  }

  /** @internal What is known may be behind from now on. */
  lost(): number {
    if (this.status === "live") this.status = "joining";
    this.typingNow = NOBODY;
    this.update();
    return ++this.#turn;
  }

  /** @internal */
  pushed(push: MessagesPush): void {
    this.#tell(this.#sequence.pushed(push));
  }

  /** @internal */
  ticked(tick: Tick): void {
    if (tick.people !== undefined && this.state) this.state.people = tick.people;
    if (tick.typing) {
      const { names, more } = tick.typing;
      this.typingNow = { names: names.filter((name) => name !== this.session.person?.name), more };
    }
    this.emit("tick", tick);
    this.update();
  }

  /** @internal */
  switched(room: RoomPush): void {
    if (this.state) this.state.room_switches = room;
    this.emit("room", room);
    this.update();
  }

  /** @internal */
  counted(counts: Pushes["unread"]): void {
    this.#reader.told(counts);
    this.update();
  }

  /** @internal */
  removed(error: PlenaryError): void {
    if (this.#end("removed", error)) this.emit("removed", error);
  }

  /** @internal The list is different. */
  listed(): void {
    this.messages = [...this.#sequence.messages, ...this.session.outbox.of(this.id)];
    this.update();
  }

  /** @internal */
  update(): void {
    if (this.state) this.state = { ...this.state, read: this.#reader.state };
    this.emit("update", undefined);
  }

  /** @internal */
  ask<Name extends ChannelOperation>(
    op: Name,
    data: Omit<Operations[Name]["data"], "channel">,
    options?: RequestOptions,
  ): Promise<Operations[Name]["ok"]> {
    return this.session.request(op, { ...data, channel: this.id } as Operations[Name]["data"], options);
  }

  /** Takes the answer, unless it is of an earlier turn; tries again what failed for the moment. */
  #await<Answer>(question: Promise<Answer>, turn: number, take: (answer: Answer) => void): void {
    const current = () => turn === this.#turn;
    question.then(
      (answer) => current() && take(answer),
      (error: PlenaryError) => {
        if (!current()) return;
        // Joining tells for certain whether the channel can still be read, and from where.
        if (error.retryAfter) this.session.runtime.after(error.retryAfter, () => current() && this.join());
        else this.removed(error);
      },
    );
  }

  #joined(join: Join, after: number | undefined): void {
    const { log } = this.session.hello!;
    const anew = this.#log !== log;
    this.#log = log;
    // What is acknowledged and not in the list was said in the other log.
    if (anew) this.session.outbox.arrived(this.id, Infinity, []);
    const outcome = this.#sequence.joined(join, after);
    if (outcome.reset) this.#askOwnReactions();
    this.status = "live";
    this.state = join.state;
    this.#tell(outcome);
    this.#reader.joined(join.state.read, this.#sequence.messages, anew);
    this.update();
    this.first.resolve();
  }

  async #readBack(options?: RequestOptions): Promise<Message[]> {
    if (!this.hasOlder) return [];
    const before = this.#sequence.readingBack();
    const page = await this.ask("channel.history", { before, limit: HISTORY_PAGE }, options);
    const added = this.#sequence.readBack(page);
    this.learnOwn(page.own_reactions);
    this.listed();
    return added;
  }

  #askOwnReactions(): void {
    let to = 0;
    this.#own.clear();
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

  /** @internal */
  learnOwn(own: Record<string, string[]>): void {
    for (const seq in own) this.#own.set(Number(seq), own[seq]!);
    this.update();
  }

  /** Puts what an outcome says into the state, then tells the user. */
  #tell({ added, changed, touched, reset, ask }: Outcome): void {
    const { last } = this.#sequence;
    this.#reader.added(added);
    if (this.state) this.state = stateAfter(this.state, last, added, touched);
    this.session.outbox.arrived(this.id, last, added);
    this.listed();
    if (ask === "join") this.join();
    else if (ask) {
      const question = this.ask("channel.catch_up", { after: last });
      this.#await(question, this.#turn, (answer) => this.#tell(this.#sequence.caughtUp(answer)));
    }
    if (reset) this.emit("reset", undefined);
    for (const message of added) this.emit("message", message);
    for (const message of changed) this.emit("change", message);
  }

  #end(status: "left" | "removed", error: PlenaryError): boolean {
    if ((this.session.channels.get(this.id) as Feed) !== this) return false;
    this.session.channels.delete(this.id);
    this.status = status;
    this.first.reject(error);
    this.lost();
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
