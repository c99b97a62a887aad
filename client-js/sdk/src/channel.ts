import { Feed } from "./feed.js";
import type { RequestOptions } from "./requests.js";
import { uuid } from "./runtime.js";
import type { Message, People } from "./wire.js";

/** The hub counts one sign of typing per so many milliseconds. */
const TYPING_PAUSE = 3_000;

export interface SendOptions {
  /** The `seq` of the message that is answered. */
  replyTo?: number;
  /** Ids of the people mentioned. */
  mentions?: string[];
}

type Seq = { seq: number };

/** A joined channel: its messages as they are now, and everything that can be done in it. */
export class Channel extends Feed {
  #typedAt = 0;

  /**
   * Sends a message. It is in `messages` at once and settles when the hub has it; if it fails, it stays there
   * with its error, to `retry` or `discard`. Without a connection it waits for the next one. Only with the code
   * `queue.full` it was not taken.
   */
  send(text: string, { replyTo, mentions }: SendOptions = {}): Promise<Message> {
    const client_id = uuid(this.session.runtime.random);
    return this.session.outbox.add({ channel: this.id, client_id, text, reply_to: replyTo, mentions });
  }

  /** Sends a failed message again. */
  retry(clientId: string): Promise<Message> {
    return this.session.outbox.retry(clientId);
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.session.outbox.discard(clientId);
  }

  /** Changes the text of a message of one's own. Like all changes it answers with the number of the change. */
  edit(seq: number, text: string): Promise<Seq> {
    return this.ask("message.edit", { seq, text });
  }

  /** Deletes a message: one's own, or as a moderator anyone's, then with a reason for the record. */
  delete(seq: number, reason?: string): Promise<Seq> {
    return this.ask("message.delete", { seq, reason });
  }

  /** Takes a deletion back, as a moderator. */
  restore(seq: number): Promise<Seq> {
    return this.ask("message.restore", { seq });
  }

  /** Adds one's reaction, or with `on` false takes it back. */
  async react(seq: number, emoji: string, on = true): Promise<Seq> {
    const answer = await this.ask("message.react", { seq, emoji, on });
    const others = this.ownReactions(seq).filter((other) => other !== emoji);
    this.learnOwn({ [seq]: on ? [...others, emoji] : others });
    return answer;
  }

  /** Pins a message for everybody, or with `on` false unpins it, as a moderator. */
  pin(seq: number, on = true): Promise<Seq> {
    return this.ask("message.pin", { seq, on });
  }

  /** Says that one is typing; call it at every key, it is sent once in 3 seconds. */
  typing(): void {
    const now = this.session.runtime.now();
    if (this.status !== "live" || now - this.#typedAt < TYPING_PAUSE) return;
    this.#typedAt = now;
    this.ask("channel.typing", {}).catch(() => {});
  }

  /** The people in the channel, a page of 50; `next` is the `cursor` of the following one. */
  people(query: { cursor?: string; search?: string } = {}, options?: RequestOptions): Promise<People> {
    return this.ask("channel.people", query, options);
  }
}
