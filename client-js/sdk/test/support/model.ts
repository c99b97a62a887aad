// A channel as the hub keeps it: a log of changes, and what the hub answers from it. No sockets, no time.
import type { Card, CatchUp, ChannelState, History, Join, Message, MessagesPush } from "../../src/wire.js";

/** The hub answers with at most so many changes; beyond, a client must start again with the newest page. */
const MOST_CHANGES = 500;
const PAGE = 50;

export const ada: Card = { id: "person-ada", name: "Ada" };
export const bob: Card = { id: "person-bob", name: "Bob" };

export class ChannelModel {
  readonly id: string;
  head = 0;
  people = 1;
  readSeq = 0;
  readonly messages: Message[] = [];
  readonly #mostChanges: number;

  constructor(id: string, mostChanges = MOST_CHANGES) {
    this.id = id;
    this.#mostChanges = mostChanges;
  }

  send(sender: Card, text: string, clientId = `client-${this.id}-${this.head}`): Message {
    const known = this.messages.find((message) => message.client_id === clientId && message.sender.id === sender.id);
    if (known) return known;
    const seq = ++this.head;
    const ordinal = this.messages.length + 1;
    const message = { seq, changed: seq, ordinal, sender, client_id: clientId, sent_at: 1_000 + seq, text };
    this.messages.push(message);
    return message;
  }

  /** Changes the message with `seq`, which takes the next number. */
  change(seq: number, what: Partial<Message>): Message {
    const place = this.messages.findIndex((message) => message.seq === seq);
    const message = { ...this.messages[place]!, ...what, changed: ++this.head };
    this.messages[place] = message;
    return message;
  }

  /** What the hub pushes for the changes `after` + 1 to `seq`. */
  push(after: number, seq = this.head): MessagesPush {
    return { after, seq, messages: this.messages.filter(({ changed }) => changed > after && changed <= seq) };
  }

  state(): ChannelState {
    const unread = this.messages.filter(({ seq }) => seq > this.readSeq).length;
    return {
      id: this.id,
      kind: "room",
      room: `room-of-${this.id}`,
      head: this.head,
      count: this.messages.length,
      people: this.people,
      room_switches: { slow_mode_seconds: 0, locked: false },
      pinned: this.messages.filter(({ pinned_at }) => pinned_at !== undefined),
      read: { seq: this.readSeq, unread, mentions: 0 },
    };
  }

  join(after?: number): Join {
    const state = this.state();
    if (after !== undefined && after <= this.head && this.head - after <= this.#mostChanges) {
      const { messages } = this.push(after);
      return { state, after: this.head, messages, more: false, reset: false };
    }
    const messages = this.messages.slice(-PAGE);
    const more = this.messages.length > PAGE;
    return { state, after: this.head, messages, more, reset: after !== undefined };
  }

  catchUp(after: number): CatchUp {
    const { messages, more, reset } = this.join(after);
    return { after, seq: this.head, messages, more, reset };
  }

  history(before: number, limit: number): History {
    const older = this.messages.filter(({ seq }) => seq < before);
    return { messages: older.slice(-limit), more: older.length > limit, own_reactions: {} };
  }
}
