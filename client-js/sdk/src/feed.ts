import { deferred } from "./deferred.js";
import { Emitter } from "./emitter.js";
import { PlenaryError } from "./error.js";
import { OwnReactions } from "./own-reactions.js";
import { ReadPointer } from "./read-pointer.js";
import type { Cancel } from "./runtime.js";
import { Sequence, type Outcome } from "./sequence.js";
import type { Session } from "./session.js";
import type { ChannelState, Join, Message, MessagesPush, RoomPush, Tick, Typing, Unread } from "./wire.js";

/** For how long a sign of typing is shown. */
const TYPING_SHOWN = 6_000;
/** The pause before what failed for the moment is tried again, unless the hub named one. */
const RETRY_PAUSE = 1_000;

export interface ChannelEvents {
  /** A message not seen before; exactly once each, in order. Not those that joining found already there. */
  message: Message;
  /** A message of the list looks different: edited, deleted, restored, pinned, other reactions. */
  change: Message;
  /** The list was replaced: between what was known before and now there may be a gap. */
  reset: { reason: string };
  /** Anything of the channel is different; once for everything that arrived together. */
  update: void;
  /** People in the channel, and who is typing. */
  tick: Tick;
  /** The room's switches or name changed. */
  room: RoomPush;
  /** The channel is not yours any more; `code` says why. */
  removed: { code: string };
}

/** `joining`: what is shown may be behind. `left` and `removed`: nothing arrives any more. */
export type ChannelStatus = "joining" | "live" | "left" | "removed";

/** The live side of a channel: keeps it joined and its messages complete over all connections. */
export class Feed extends Emitter<ChannelEvents> {
  readonly id: string;
  readonly sequence: Sequence;
  readonly reader: ReadPointer;
  readonly own: OwnReactions;
  status: ChannelStatus = "joining";
  state: ChannelState | undefined;
  typing: Typing = { names: [], more: 0 };
  /** When one typed last oneself. */
  typedAt = -Infinity;
  readonly #session: Session;
  readonly #ended: (feed: Feed) => void;
  readonly #first = deferred<void>();
  /** Counts connections and joins: an answer to an earlier one means nothing any more. */
  #turn = 0;
  #cancelTyping: Cancel = () => {};
  #cancelRetry: Cancel = () => {};

  /** `ended` is called once, when the channel is left or removed. */
  constructor(id: string, session: Session, ended: (feed: Feed) => void) {
    super();
    this.id = id;
    this.#session = session;
    this.#ended = ended;
    this.sequence = new Sequence(session.window);
    this.reader = new ReadPointer(id, session);
    this.own = new OwnReactions(id, session);
    if (session.ready) this.join();
  }

  /** Settles when the channel is joined for the first time, or will not be. */
  get joined(): Promise<void> {
    return this.#first.promise;
  }

  /** Asks to join, from the last number known. */
  join(): void {
    const turn = this.#begin();
    const after = this.sequence.joining();
    this.#session.request("channel.join", { channel: this.id, ...(after !== undefined && { after }) }).then(
      (join) => turn === this.#turn && this.#joined(join),
      (error: PlenaryError) => turn === this.#turn && this.#refused(error),
    );
  }

  /** The connection is gone; the next one joins again. */
  lost(): void {
    this.#begin();
    this.update();
  }

  pushed(push: MessagesPush): void {
    this.#tell(this.sequence.pushed(push));
  }

  tick(tick: Tick): void {
    if (tick.people !== undefined && this.state) this.state = { ...this.state, people: tick.people };
    if (tick.typing) this.#showTyping(tick.typing);
    this.emit("tick", tick);
    this.update();
  }

  room(room: RoomPush): void {
    if (this.state?.room !== room.room) return;
    const { slow_mode_seconds, locked } = room;
    this.state = { ...this.state, room_switches: { slow_mode_seconds, locked } };
    this.emit("room", room);
    this.update();
  }

  unread(told: Omit<Unread, "channel">): void {
    this.reader.told(told);
    this.update();
  }

  /** The hub dropped pushes: only asking shows which. */
  dropped(): void {
    this.join();
    this.update();
  }

  removed(code: string): void {
    if (this.#end("removed", new PlenaryError(code, "This channel is not open to you any more."))) {
      this.emit("removed", { code });
    }
  }

  leave(): void {
    if (!this.#end("left", new PlenaryError("channel.left", "The channel was left before it was joined."))) return;
    if (this.#session.ready) this.#session.request("channel.leave", { channel: this.id }).catch(() => {});
  }

  update(): void {
    if (this.state) this.state = { ...this.state, read: this.reader.state };
    this.emit("update", undefined);
  }

  #begin(): number {
    this.#cancelRetry();
    this.reader.stop();
    if (this.status === "live") this.status = "joining";
    return ++this.#turn;
  }

  #joined(join: Join): void {
    this.status = "live";
    this.state = join.state;
    this.reader.joined(join.state);
    const known = this.sequence.last;
    const outcome = this.sequence.joined(join);
    this.#tell(outcome);
    this.#first.resolve();
    if (known && !outcome.reset) return;
    const turn = this.#turn;
    this.own.load(this.sequence.messages).then(() => turn === this.#turn && this.update());
  }

  #refused(error: PlenaryError): void {
    if (error.code === "connection.lost") return;
    if (error.temporary || error.code === "queue.full") this.#retry(error, () => this.join());
    else if (this.#end("removed", error)) this.emit("removed", { code: error.code });
  }

  #catchUp(): void {
    const turn = this.#turn;
    this.#session.request("channel.catch_up", { channel: this.id, after: this.sequence.last }).then(
      (answer) => turn === this.#turn && this.#tell(this.sequence.caughtUp(answer)),
      // Joining tells for certain whether the channel can still be read, and from where.
      (error: PlenaryError) => turn === this.#turn && this.#retry(error, () => this.join()),
    );
  }

  #retry(error: PlenaryError, run: () => void): void {
    const turn = this.#turn;
    const pause = error.retryAfter ?? RETRY_PAUSE;
    this.#cancelRetry = this.#session.runtime.after(pause, () => turn === this.#turn && run());
  }

  /** Puts what an outcome says into the state, then tells the user. */
  #tell({ added, changed, touched, reset, ask }: Outcome): void {
    const { outbox } = this.#session;
    for (const message of added) outbox.arrived(message);
    outbox.passed(this.id, this.sequence.last);
    this.reader.added(added);
    this.own.forgetBefore(this.sequence.messages[0]?.seq ?? 0);
    if (this.state) this.state = stateAfter(this.state, this.sequence.last, added, touched);
    if (ask === "join") this.join();
    else if (ask) this.#catchUp();
    if (reset) this.emit("reset", { reason: "gap" });
    for (const message of added) this.emit("message", message);
    for (const message of changed) this.emit("change", message);
    if (ask || reset || touched.length || added.length) this.update();
  }

  #showTyping({ names, more }: Typing): void {
    const typing = this.#session.runtime.now() - this.typedAt < TYPING_SHOWN;
    const self = typing ? this.#session.person?.name : undefined;
    this.typing = { names: names.filter((name) => name !== self), more };
    this.#cancelTyping();
    if (!names.length) return;
    this.#cancelTyping = this.#session.runtime.after(TYPING_SHOWN, () => {
      this.typing = { names: [], more: 0 };
      this.update();
    });
  }

  #end(status: "left" | "removed", error: PlenaryError): boolean {
    if (this.status === "left" || this.status === "removed") return false;
    this.#begin();
    this.status = status;
    this.#cancelTyping();
    this.#first.reject(error);
    this.#ended(this);
    this.update();
    return true;
  }
}

function stateAfter(state: ChannelState, head: number, added: Message[], touched: Message[]): ChannelState {
  let { count, pinned } = state;
  for (const { ordinal } of added) count = Math.max(count, ordinal);
  for (const message of touched) {
    const known = pinned.find(({ seq }) => seq === message.seq);
    if (known ? known.changed >= message.changed : message.pinned_at === undefined) continue;
    pinned = pinned.filter((other) => other !== known);
    if (message.pinned_at !== undefined && !message.deleted) pinned = [...pinned, message];
  }
  return { ...state, head, count, pinned };
}
