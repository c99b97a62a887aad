import type { Session } from "./session.js";
import { Throttle } from "./throttle.js";
import type { ChannelState, Message, ReadState } from "./wire.js";

/** The shortest time between two reports of how far one has read, in milliseconds. */
const READ_PAUSE = 2_000;

/**
 * How far one has read a channel. The hub tells once that something is unread, so that a crowd costs it nothing:
 * from then on the ordinals of the messages that arrive tell how many.
 */
export class ReadPointer {
  readonly #channel: string;
  readonly #session: Session;
  readonly #report: Throttle;
  #seq = 0;
  /** The number that the hub knows of. */
  #reported = 0;
  /** The ordinal of the last message read, and how many messages there are. */
  #ordinal = 0;
  #count = 0;
  #mentions = 0;
  #live = false;

  constructor(channel: string, session: Session) {
    this.#channel = channel;
    this.#session = session;
    this.#report = new Throttle(session.runtime, READ_PAUSE, () => this.#tellHub());
  }

  get state(): ReadState {
    return { seq: this.#seq, unread: Math.max(0, this.#count - this.#ordinal), mentions: this.#mentions };
  }

  joined({ count, read }: ChannelState): void {
    this.#live = true;
    this.#count = count;
    this.#reported = read.seq;
    if (read.seq >= this.#seq) {
      this.#seq = read.seq;
      this.#ordinal = count - read.unread;
      this.#mentions = read.mentions;
    } else this.#report.ask(); // Read while there was no connection.
    this.#counted();
  }

  /** The channel is not joined now: what is read is reported when it is again. */
  stop(): void {
    this.#live = false;
    this.#report.stop();
  }

  added(messages: Message[]): void {
    const self = this.#session.person?.id;
    for (const { ordinal, sender, mentions } of messages) {
      // Whoever writes at the end has read up to there.
      if (sender.id === self && this.#ordinal >= this.#count) this.#ordinal = ordinal;
      else if (self && mentions?.includes(self)) this.#mentions++;
      this.#count = Math.max(this.#count, ordinal);
    }
    this.#counted();
  }

  /** Everything up to `seq` of a channel known up to `last` is read. Returns whether it was not before. */
  read(seq: number, last: number, messages: Message[]): boolean {
    if (seq <= this.#seq) return false;
    this.#seq = seq;
    if (seq >= last) {
      this.#ordinal = this.#count;
      this.#mentions = 0;
    } else this.#ordinal = Math.max(this.#ordinal, messages.filter((message) => message.seq <= seq).pop()?.ordinal ?? 0);
    this.#counted();
    this.#report.ask();
    return true;
  }

  /** The hub counted: fewer than here means that one has read on another device. */
  told({ unread, mentions }: { unread: number; mentions: number }): void {
    if (unread >= this.state.unread) return;
    this.#ordinal = this.#count - unread;
    this.#mentions = mentions;
    this.#counted();
  }

  #tellHub(): void {
    const seq = this.#seq;
    if (!this.#live || seq <= this.#reported) return;
    this.#reported = seq;
    this.#session.request("channel.read", { channel: this.#channel, seq }).then(
      ({ mentions }) => {
        if (this.#seq !== seq) return;
        this.#mentions = mentions;
        this.#counted();
      },
      () => {}, // The next report, or joining again, says it anew.
    );
  }

  #counted(): void {
    const { unread, mentions } = this.state;
    this.#session.counted({ channel: this.#channel, unread, mentions });
  }
}
