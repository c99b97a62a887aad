import type { Session } from "./session.js";
import type { Message } from "./wire.js";

/** How many numbers one question may span. */
const SPAN = 200;

/** The reactions of oneself, which messages do not tell: they are the same for everybody. */
export class OwnReactions {
  readonly #channel: string;
  readonly #session: Session;
  #known = new Map<number, readonly string[]>();

  constructor(channel: string, session: Session) {
    this.#channel = channel;
    this.#session = session;
  }

  of(seq: number): readonly string[] {
    return this.#known.get(seq) ?? [];
  }

  set(seq: number, emoji: string, on: boolean): void {
    const others = this.of(seq).filter((other) => other !== emoji);
    this.#known.set(seq, on ? [...others, emoji] : others);
  }

  learn(own: Record<string, string[]>): void {
    for (const [seq, emoji] of Object.entries(own)) this.#known.set(Number(seq), emoji);
  }

  /** Forgets those of messages before `seq`. */
  forgetBefore(seq: number): void {
    for (const known of this.#known.keys()) if (known < seq) this.#known.delete(known);
  }

  /** Asks for those of `messages` that anybody reacted to. Failing leaves them unknown, which only looks paler. */
  async load(messages: readonly Message[]): Promise<void> {
    this.#known.clear();
    const reacted = messages.filter(({ reactions }) => reactions && Object.keys(reactions).length);
    const asked: Promise<void>[] = [];
    for (let next = reacted.shift(); next; next = reacted.shift()) {
      const from = next.seq;
      const to = from + SPAN - 1;
      while (reacted[0] && reacted[0].seq <= to) reacted.shift();
      const question = this.#session.request("channel.own_reactions", { channel: this.#channel, from, to });
      asked.push(question.then(({ own }) => this.learn(own), () => {}));
    }
    await Promise.all(asked);
  }
}
