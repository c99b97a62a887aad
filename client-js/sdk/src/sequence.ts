import type { CatchUp, History, Join, Message, MessagesPush } from "./wire.js";

/** How many pushes may wait while a hole is being repaired; beyond, the repair simply goes further. */
const MOST_BUFFERED = 64;
/** How far reading back may grow the list, as a multiple of its window. */
const MOST_WINDOWS = 10;
/** How many messages may arrive while an older page is on its way. */
const READ_BACK_SLACK = 100;

/** What applying something did, for telling the user; and what must be asked now to go on. */
export interface Outcome {
  /** Messages not seen before, ascending. */
  added: Message[];
  /** Messages of the list that look different now. */
  changed: Message[];
  /** Every message that the applied changes were about, of the list or not. */
  touched: Message[];
  /** Everything is different: what was known before may have gaps to what is known now. */
  reset: boolean;
  /** `catch_up`: ask for what came after `last`. `join`: ask for the newest page. */
  ask?: "catch_up" | "join";
}

const nothing = (): Outcome => ({ added: [], changed: [], touched: [], reset: false });

/**
 * The messages of one channel, put together from what arrives about it: no input and no output but its arguments
 * and results. Changes are applied exactly once and in the order of their numbers, or the outcome says `reset`.
 *
 * A channel's changes are numbered 1, 2, 3 … A push says "`after` + 1 to `seq` happened": it fits when `after` is
 * the last number here, and shows a hole when it is higher. While an answer that repairs is awaited, pushes wait.
 */
export class Sequence {
  /** The number up to which everything is known. */
  last = 0;
  /** The messages of the list, ascending without gaps. */
  messages: Message[] = [];
  /** Whether the channel has messages older than those of the list. */
  older = false;
  readonly #window: number;
  #limit: number;
  /** What is awaited before pushes can be applied. */
  #awaiting: "catch_up" | "join" | undefined = "join";
  #buffer: MessagesPush[] = [];
  #started = false;
  /** Whether the next join must start again with the newest page, and after what the last one asked. */
  #fresh = true;
  #after: number | undefined;
  /** Changes below the list that came while an older page was on its way, which may not know them. */
  #below: Map<number, Message> | undefined;

  /** `window`: how many messages are kept unless older ones are asked for. */
  constructor(window: number) {
    this.#window = this.#limit = window;
  }

  /** Whether nothing is awaited. */
  get live(): boolean {
    return this.#awaiting === undefined;
  }

  /** A join is being asked for: until its answer is here, pushes wait. Returns the `after` to ask with, if any. */
  joining(): number | undefined {
    this.#awaiting = "join";
    this.#buffer = [];
    this.#after = this.#fresh ? undefined : this.last;
    return this.#after;
  }

  joined({ state: { head }, messages, more, reset }: Join): Outcome {
    const outcome = nothing();
    if (this.#after === undefined || reset) {
      outcome.reset = this.#started;
      this.#replace(head, messages, more);
    } else if (head < this.last) {
      // The channel went back behind what is known here: what is known is worth nothing.
      return this.#ask("join", outcome);
    } else this.#apply(head, messages, outcome);
    return this.#drain(outcome);
  }

  pushed(push: MessagesPush): Outcome {
    const outcome = nothing();
    if (this.#awaiting) this.#hold(push);
    else this.#fit(push, outcome);
    return outcome;
  }

  caughtUp({ seq, messages, more, reset }: CatchUp): Outcome {
    const outcome = nothing();
    if (this.#awaiting !== "catch_up") return outcome;
    // A page without its channel's state is not enough to start again with, and an answer that leads nowhere
    // must not be asked for again and again.
    if (reset || seq <= this.last) return this.#ask("join", outcome);
    this.#apply(seq, messages, outcome);
    return more ? this.#ask("catch_up", outcome) : this.#drain(outcome);
  }

  /** An older page is being asked for. Returns the `before` to ask with, or nothing when there is no room. */
  readingBack(): number | undefined {
    if (this.messages.length >= this.#window * MOST_WINDOWS) return undefined;
    this.#below = new Map();
    // Room for what is sent meanwhile: letting go of the oldest message would leave a gap to the older page.
    this.#limit = Math.max(this.#limit, this.messages.length + READ_BACK_SLACK);
    return this.messages[0]?.seq ?? this.last + 1;
  }

  /** Puts an older page before the list, unless the list has been replaced since. Returns what it added. */
  readBack(before: number, { messages, more }: History): Message[] {
    const below = this.#below;
    this.#below = undefined;
    if (!below || before !== (this.messages[0]?.seq ?? this.last + 1)) return [];
    const page = messages.filter(({ seq }) => seq < before).map((message) => newer(message, below.get(message.seq)));
    this.messages = [...page, ...this.messages];
    this.#limit = Math.max(this.#limit, this.messages.length);
    this.older = more;
    return page;
  }

  /** Keeps the newest messages only, as many as the window has. Returns whether any were let go. */
  trim(): boolean {
    this.#limit = this.#window;
    return this.#cut();
  }

  #hold(push: MessagesPush): void {
    if (this.#buffer.length >= MOST_BUFFERED) this.#buffer.shift();
    this.#buffer.push(push);
  }

  #fit(push: MessagesPush, outcome: Outcome): void {
    if (push.seq <= this.last) return;
    if (push.after <= this.last) this.#apply(push.seq, push.messages, outcome);
    else {
      this.#hold(push);
      this.#ask("catch_up", outcome);
    }
  }

  /** Nothing is awaited any more: applies what waited, as far as it fits. */
  #drain(outcome: Outcome): Outcome {
    const waiting = this.#buffer;
    this.#buffer = [];
    this.#awaiting = undefined;
    for (const push of waiting) {
      if (this.#awaiting) this.#hold(push);
      else this.#fit(push, outcome);
    }
    return outcome;
  }

  #ask(what: "catch_up" | "join", outcome: Outcome): Outcome {
    this.#awaiting = outcome.ask = what;
    if (what === "join") this.#fresh = true;
    return outcome;
  }

  #apply(seq: number, messages: Message[], outcome: Outcome): void {
    outcome.touched.push(...messages);
    const before = this.last;
    const list = [...this.messages];
    // An answer may already know messages beyond its own number; the push that numbers them brings them again.
    for (const message of [...messages].sort((one, other) => one.seq - other.seq)) {
      if (message.seq > seq) continue;
      if (message.seq > before) {
        list.push(message);
        outcome.added.push(message);
      } else this.#change(list, message, outcome);
    }
    this.messages = list;
    this.last = Math.max(before, seq);
    this.#cut();
  }

  #change(list: Message[], message: Message, outcome: Outcome): void {
    const place = findPlace(list, message.seq);
    const known = list[place];
    if (known?.seq === message.seq) {
      if (message.changed <= known.changed) return;
      list[place] = message;
      outcome.changed.push(message);
    } else if (place === 0 && this.#below) this.#keepBelow(this.#below, message);
  }

  #keepBelow(below: Map<number, Message>, message: Message): void {
    if (below.size < this.#window) below.set(message.seq, newer(message, below.get(message.seq)));
    else this.#below = undefined;
  }

  #replace(head: number, messages: Message[], more: boolean): void {
    this.#started = true;
    this.#fresh = false;
    this.last = head;
    this.messages = messages.filter(({ seq }) => seq <= head);
    this.older = more;
    this.#below = undefined;
    this.trim();
  }

  #cut(): boolean {
    const surplus = this.messages.length - this.#limit;
    if (surplus <= 0) return false;
    this.messages = this.messages.slice(surplus);
    this.#below = undefined;
    this.older = true;
    return true;
  }
}

function newer(one: Message, other: Message | undefined): Message {
  return other && other.changed > one.changed ? other : one;
}

/** The place of the first message with at least this `seq`. */
function findPlace(list: Message[], seq: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
