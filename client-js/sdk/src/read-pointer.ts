import type { Cancel } from "./runtime.js";
import type { Session } from "./session.js";
import type { Message, ReadState } from "./generated.js";

/**
 * How far one has read a channel. The hub says once that something is unread, so that a crowd costs it nothing:
 * from then on the messages that arrive are counted here.
 */
export class ReadPointer {
  state: ReadState = { seq: 0, unread: 0, mentions: 0 };
  readonly #channel: string;
  readonly #session: Session;
  /** The number that the hub knows. */
  #reported = 0;
  /** Runs from one report to the earliest next. */
  #pause?: Cancel;

  constructor(channel: string, session: Session) {
    this.#channel = channel;
    this.#session = session;
  }

  /**
   * The channel is joined, and the hub says how far one has read; `messages` are its newest. `anew`: what is known
   * here counts no more. `complete`: there are no older ones, so that what is unread can be counted.
   */
  joined(read: ReadState, messages: Message[], anew: boolean, complete: boolean): void {
    this.#reported = read.seq;
    if (anew || read.seq >= this.state.seq) this.#become(complete ? this.#after(read.seq, messages) : read);
    else this.#advance(this.state.seq, messages); // Read while there was no connection.
  }

  added(messages: Message[]): void {
    if (messages.length) this.#become(messages.reduce(this.#and, this.state));
  }

  /** Messages looked like `before` and look like `after` now: deleted ones are not unread any more. */
  changed(before: Message[], after: Message[]): void {
    const self = this.#session.hello?.person?.id ?? "";
    let { seq, unread, mentions } = this.state;
    after.forEach((message, place) => {
      if (message.seq <= seq || message.sender.id === self) return;
      const [was, is] = [counted(before[place]!, self), counted(message, self)];
      unread += is.unread - was.unread;
      mentions += is.mentions - was.mentions;
    });
    if (unread === this.state.unread && mentions === this.state.mentions) return;
    this.#become({ unread: Math.max(0, unread), mentions: Math.max(0, mentions) });
  }

  /** Everything up to `seq` is read; `messages` are the channel's newest. Returns whether it was not before. */
  read(seq: number, messages: Message[]): boolean {
    if (seq <= this.state.seq) return false;
    this.#advance(seq, messages);
    return true;
  }

  /** The hub counted: fewer than here means that one has read on another device. */
  told({ unread, mentions }: { unread: number; mentions: number }): void {
    if (unread < this.state.unread) this.#become({ unread, mentions });
  }

  /** With one more message. */
  readonly #and = (state: ReadState, message: Message): ReadState => {
    const self = this.#session.hello?.person?.id ?? "";
    // Whoever writes has read.
    if (message.sender.id === self) return { seq: message.seq, unread: 0, mentions: 0 };
    const { unread, mentions } = counted(message, self);
    return { ...state, unread: state.unread + unread, mentions: state.mentions + mentions };
  };

  #advance(seq: number, messages: Message[]): void {
    this.#become(this.#after(seq, messages));
    this.#report();
  }

  #after(seq: number, messages: Message[]): ReadState {
    return messages.filter((message) => message.seq > seq).reduce(this.#and, { seq, unread: 0, mentions: 0 });
  }

  #report(): void {
    const { seq } = this.state;
    if (this.#pause || seq <= this.#reported) return;
    this.#reported = seq;
    const { runtime, delays } = this.#session.settings;
    this.#pause = runtime.after(delays.readInterval, () => {
      this.#pause = undefined;
      this.#report();
    });
    // When it fails, the next report, or joining again, says it anew.
    this.#session.request("channel.read", { channel: this.#channel, seq }).catch(() => {});
  }

  #become(news: Partial<ReadState>): void {
    const { unread, mentions } = (this.state = { ...this.state, ...news });
    this.#session.counted({ channel: this.#channel, unread, mentions });
  }
}

/** What somebody else's message counts for `self`: nothing once it is deleted. */
function counted({ deleted, mentions }: Message, self: string): { unread: number; mentions: number } {
  return { unread: Number(!deleted), mentions: Number(!deleted && (mentions?.includes(self) ?? false)) };
}
