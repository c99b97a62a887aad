// A channel as the hub keeps it: a log of changes, and what the hub answers from it. No sockets, no time.
import type { Card, ChannelCatchUpAnswer, ChannelHistoryAnswer, ChannelJoinAnswer, ChannelState, Message, MessagesPush } from "../../src/generated.js";

/** The hub answers with at most so many changed messages; beyond, a client must start again. */
const MOST_CHANGES = 500;
const PAGE = 50;

export const ada: Card = { id: "person-ada", name: "Ada" };
export const bob: Card = { id: "person-bob", name: "Bob" };

export class ChannelModel {
  head = 0;
  people = 1;
  readSeq = 0;
  readonly messages: Message[] = [];
  /** How often it was restored: what is said after that is told apart from what was said before. */
  restored = 0;

  constructor(
    readonly id: string,
    readonly mostChanges = MOST_CHANGES,
  ) {}

  send(sender: Card, data: { text: string; client_id?: string; mentions?: string[]; reply_to?: number }): Message {
    const { client_id = `client-${this.id}-${this.head + 1}`, ...rest } = data;
    const known = this.messages.find((message) => message.client_id === client_id && message.sender.id === sender.id);
    if (known) return known;
    const seq = ++this.head;
    const ordinal = this.messages.length + 1;
    const message = { seq, changed: seq, ordinal, sender, client_id, sent_at: 1_000 * (this.restored + 1) + seq, ...rest };
    this.messages.push(message);
    return message;
  }

  /** Sends many messages of somebody else's, and answers with the last. */
  fill(count: number): Message {
    for (let left = count; left > 1; left--) this.fill(1);
    const number = this.head + 1;
    return this.send(bob, { text: `Message ${number}`, client_id: `filled-${this.restored}-${number}` });
  }

  /** Changes the message with `seq`, which takes the next number. */
  change(seq: number, what: Partial<Message>): Message {
    const place = this.messages.findIndex((message) => message.seq === seq);
    const message = { ...this.messages[place]!, ...what, changed: ++this.head };
    this.messages[place] = message;
    return message;
  }

  /** Ada has read up to `seq`. */
  read(seq: number): void {
    this.readSeq = Math.max(this.readSeq, seq);
  }

  /** The channel as it is; gives back what makes it so again, as a restore does. */
  backup(): () => void {
    const { head, readSeq } = this;
    const messages = structuredClone(this.messages);
    return () => {
      Object.assign(this, { head, readSeq });
      this.messages.splice(0, Infinity, ...structuredClone(messages));
      this.restored++;
    };
  }

  /** What the hub pushes for the changes after `after` until now. */
  push(after: number): MessagesPush {
    return { after, seq: this.head, messages: this.messages.filter(({ changed }) => changed > after) };
  }

  state(): ChannelState {
    return {
      id: this.id,
      kind: "room",
      room: `room-of-${this.id}`,
      head: this.head,
      count: this.messages.length,
      people: this.people,
      room_switches: { slow_mode_seconds: 0, locked: false },
      pinned: this.messages.filter(({ pinned_at, deleted }) => pinned_at !== undefined && !deleted),
      read: {
        seq: this.readSeq,
        unread: this.messages.filter(({ seq }) => seq > this.readSeq).length,
        mentions: this.messages.filter(({ seq, mentions }) => seq > this.readSeq && mentions?.includes(ada.id)).length,
      },
      moderator: false,
    };
  }

  join(after?: number): ChannelJoinAnswer {
    const state = this.state();
    if (after !== undefined && after <= this.head) {
      const { messages } = this.push(after);
      if (messages.length <= this.mostChanges) return { state, after, seq: this.head, messages, more: false, reset: false };
    }
    const more = this.messages.length > PAGE;
    return { state, after: 0, seq: this.head, messages: this.messages.slice(-PAGE), more, reset: after !== undefined };
  }

  catchUp(after: number): ChannelCatchUpAnswer {
    const { messages, more, reset } = this.join(after);
    return { after, seq: this.head, messages, more, reset };
  }

  history(before: number, limit: number): ChannelHistoryAnswer {
    const older = this.messages.filter(({ seq }) => seq < before);
    return { messages: older.slice(-limit), more: older.length > limit, own_reactions: {} };
  }
}
