import type { ChannelCatchUpAnswer, ChannelHistoryAnswer, ChannelJoinAnswer, Message, MessagesPush } from "./generated.js";

/** How many pushes may wait while something is awaited; beyond, the oldest go, and the hole shows later. */
const MAX_HELD = 64;
/** How many messages, and how many changes below the list, may come while an older page is on its way. */
const READ_BACK_SLACK = 100;

/** What applying something did, for telling the user; and what must be asked now to go on. */
export interface Outcome {
  /** Messages not seen before, ascending. */
  added: Message[];
  /** Messages of the list that look different now. */
  changed: Message[];
  /** How these looked before, in the same order. */
  before: Message[];
  /** Every message that the applied changes were about, of the list or not. */
  touched: Message[];
  /** The list is another one: what was known before may have a gap to what is known now. */
  reset: boolean;
  /** `catch_up`: ask for what came after `last`. `join`: ask for the newest page. */
  ask?: "catch_up" | "join";
}

/**
 * The messages of one channel, assembled from what arrives about it: no input and no output but its arguments
 * and results. Changes are applied exactly once and in the order of their numbers, or the outcome says `reset`.
 *
 * A channel's changes are numbered 1, 2, 3 … A push says "`after` + 1 to `seq` happened": it fits when `after` is
 * the last number here, and shows a hole when it is higher. While an answer that repairs is awaited, pushes wait.
 */
export class Sequence {
  /** The number up to which everything is known. */
  last = 0;
  /** The messages of the list, ascending without gaps; a new array whenever it is different. */
  messages: Message[] = [];
  /** Whether the channel has messages older than those of the list. */
  older = false;
  readonly #window: number;
  #limit: number;
  #outcome = nothing();
  /** Whether the answer to a join or a catch-up is awaited. */
  #awaiting = true;
  #held: MessagesPush[] = [];
  /** Whether `last` is something to go on from. */
  #resumable = false;
  /**
   * Changes below the list that came while an older page was on its way, which may not know them. Missing when no
   * page is, or when the list's beginning has changed so that it will not fit.
   */
  #below?: Message[];

  /** `window`: how many messages are kept unless older ones are asked for. */
  constructor(window: number) {
    this.#window = this.#limit = window;
  }

  /** A join is being asked for: until its answer is here, pushes wait. Returns the `after` to ask with, if any. */
  joining(): number | undefined {
    this.#awaiting = true;
    this.#held = [];
    this.#below = undefined;
    return this.#resumable ? this.last : undefined;
  }

  /** The answer to a join that asked with `after`. */
  joined({ state, messages, more, reset }: ChannelJoinAnswer, after?: number): Outcome {
    if (after !== undefined && !reset) this.#apply(state.head, messages);
    else {
      this.#outcome.reset = this.#resumable = true;
      this.last = state.head;
      this.messages = messages;
      this.older = more;
      // An older page on its way was asked for from another list.
      this.#below = undefined;
      this.trim();
    }
    this.#release();
    return this.#done();
  }

  pushed(push: MessagesPush): Outcome {
    this.#fit(push);
    return this.#done();
  }

  /** The answer to a catch-up. */
  caughtUp({ seq, messages, more, reset }: ChannelCatchUpAnswer): Outcome {
    // A page without its channel's state is not enough to start again with, and an answer that leads nowhere
    // must not be asked for again and again.
    this.#resumable = !reset && seq > this.last;
    if (!this.#resumable) this.#outcome.ask = "join";
    else {
      this.#apply(seq, messages);
      if (more) this.#outcome.ask = "catch_up";
      else this.#release();
    }
    return this.#done();
  }

  /** An older page is being asked for. Returns the `before` to ask with. */
  readingBack(): number {
    this.#below = [];
    // Dropping the oldest message meanwhile would leave a gap to the older page.
    this.#limit = Math.max(this.#limit, this.messages.length + READ_BACK_SLACK);
    return this.messages[0]?.seq ?? this.last + 1;
  }

  /** Puts the older page before the list, unless it does not fit any more. Returns what it added. */
  readBack({ messages, more }: ChannelHistoryAnswer): Message[] {
    const below = this.#below;
    if (!below) return [];
    this.messages = [...messages, ...this.messages];
    this.#limit = Math.max(this.#limit, this.messages.length);
    this.older = more;
    this.#below = undefined;
    this.#apply(this.last, below);
    this.#done();
    return this.messages.slice(0, messages.length);
  }

  /** Keeps the newest messages only, as many as the window has. Returns whether any were dropped. */
  trim(): boolean {
    this.#limit = this.#window;
    return this.#cut();
  }

  #fit(push: MessagesPush): void {
    const { after, seq, messages } = push;
    if (this.#awaiting || after > this.last) {
      if (this.#held.push(push) > MAX_HELD) this.#held.shift();
      if (!this.#awaiting) this.#outcome.ask = "catch_up";
      this.#awaiting = true;
    } else if (seq > this.last) this.#apply(seq, messages);
  }

  /** Nothing is awaited any more: applies what was held, as far as it fits. */
  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#awaiting = false;
    for (const push of held) this.#fit(push);
  }

  #apply(seq: number, messages: Message[]): void {
    const { added, changed, before, touched } = this.#outcome;
    const list = [...this.messages];
    for (const message of [...messages].sort((one, other) => one.seq - other.seq)) {
      touched.push(message);
      const place = list.findIndex((known) => known.seq === message.seq);
      if (message.seq > this.last) added.push((list[list.length] = message));
      else if (place < 0 && this.#below && this.#below.push(message) > READ_BACK_SLACK) this.#below = undefined;
      else if (place >= 0 && list[place]!.changed < message.changed) {
        before.push(list[place]!);
        changed.push((list[place] = message));
      }
    }
    this.messages = list;
    this.last = seq;
    this.#cut();
  }

  /** What was done since the last time. */
  #done(): Outcome {
    const outcome = this.#outcome;
    this.#outcome = nothing();
    return outcome;
  }

  #cut(): boolean {
    if (this.messages.length <= this.#limit) return false;
    this.messages = this.messages.slice(-this.#limit);
    this.older = true;
    this.#below = undefined;
    return true;
  }
}

function nothing(): Outcome {
  return { added: [], changed: [], before: [], touched: [], reset: false };
}
