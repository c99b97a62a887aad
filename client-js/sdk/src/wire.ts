// The types of the protocol `plenary.v1`, as they travel. Nothing else belongs in this file.
// Ids are UUID text, times are integer milliseconds since 1970 UTC.

/** Who a person is, as others see them. */
export interface Card {
  id: string;
  name: string;
  picture?: string;
  affiliation?: string;
  badge?: "speaker" | "exhibitor" | "moderator" | "organizer" | "guest";
}

/** A message as it looks now. It is always sent whole: of two versions the higher `changed` is the newer. */
export interface Message {
  /** The channel's number at which it was sent. */
  seq: number;
  /** The channel's number of its last change, at least `seq`. */
  changed: number;
  /** It is the n-th message of its channel. */
  ordinal: number;
  sender: Card;
  client_id: string;
  sent_at: number;
  /** Missing once the message is deleted. */
  text?: string;
  /** The `seq` of the message it answers. */
  reply_to?: number;
  /** The ids of the people it mentions. */
  mentions?: string[];
  /** How many people reacted with each emoji. */
  reactions?: Record<string, number>;
  edited_at?: number;
  deleted?: "author" | "moderator";
  pinned_at?: number;
}

export interface Sanction {
  id: string;
  kind: "time_out" | "ban";
  person: Card;
  /** Missing when it holds for the whole event. */
  room?: string;
  reason: string;
  created_at: number;
  /** Missing when it does not expire by itself. */
  expires_at?: number;
  /** Told to moderators only. */
  by?: Card;
}

export interface PastSanction extends Sanction {
  /** Whether it is in force. */
  active: boolean;
  /** When it was ended before its time. */
  lifted_at?: number;
  lifted_by?: Card;
}

export interface Role {
  role: string;
  /** Missing when it is granted for the whole event. */
  room?: string;
}

export interface RoomSwitches {
  slow_mode_seconds: number;
  locked: boolean;
}

export interface ReadState {
  /** The number up to which the person has read. */
  seq: number;
  unread: number;
  mentions: number;
}

export interface ChannelState {
  id: string;
  kind: "room" | "staff" | "announcements" | "direct";
  room?: string;
  /** The channel's last number. */
  head: number;
  /** How many messages were sent in it. */
  count: number;
  /** How many people are in it now. */
  people: number;
  room_switches?: RoomSwitches;
  pinned: Message[];
  read: ReadState;
  /** Whether the person moderates here. */
  moderator: boolean;
}

export interface DirectSummary {
  channel: string;
  people: Card[];
  last?: Message;
  unread: number;
}

export interface Unread {
  channel: string;
  unread: number;
  mentions: number;
}

export interface Limits {
  /** Characters of a message. */
  message_length: number;
  /** Bytes of a frame that a client sends. */
  frame_bytes: number;
  history_page: number;
  /** People in a direct channel. */
  group_size: number;
  /** Channels that a connection can be in. */
  channels: number;
}

export interface Hello {
  connection: string;
  server_time: number;
  /** The version of the event, to compare with what was read over REST. */
  version: number;
  person: Card;
  roles: Role[];
  read_only: boolean;
  standing: Sanction[];
  directs: DirectSummary[];
  unread: Unread[];
  limits: Limits;
  ping_after_ms: number;
}

export interface Join {
  state: ChannelState;
  after: number;
  messages: Message[];
  more: boolean;
  reset: boolean;
}

export interface CatchUp {
  after: number;
  seq: number;
  messages: Message[];
  reset: boolean;
  more: boolean;
}

export interface History {
  messages: Message[];
  more: boolean;
  own_reactions: Record<string, string[]>;
}

export interface People {
  people: Card[];
  total: number;
  next?: string;
}

export interface DirectList {
  directs: DirectSummary[];
  next?: number;
}

export interface Sanctions {
  sanctions: Sanction[];
  next?: string;
}

/** A person as moderators see them. */
export interface ModerationHistory {
  person: Card;
  /** Whether one stands above the person, and so can do something. */
  may_moderate: boolean;
  /** All sanctions there have been, newest first. */
  sanctions: PastSanction[];
  next?: string;
}

type Nothing = Record<never, never>;

/** Every operation: what is sent as `data`, and what comes back as `ok`. */
export interface Operations {
  hello: { data: { event: string; ticket?: string; client?: string }; ok: Hello };
  ping: { data: Nothing; ok: { server_time: number } };
  "channel.join": { data: { channel: string; after?: number }; ok: Join };
  "channel.leave": { data: { channel: string }; ok: Nothing };
  "channel.catch_up": { data: { channel: string; after: number }; ok: CatchUp };
  "channel.history": { data: { channel: string; before: number; limit: number }; ok: History };
  "channel.own_reactions": {
    data: { channel: string; from: number; to: number };
    ok: { own: Record<string, string[]> };
  };
  "channel.read": { data: { channel: string; seq: number }; ok: ReadState };
  "channel.typing": { data: { channel: string }; ok: Nothing };
  "channel.people": { data: { channel: string; cursor?: string; search?: string }; ok: People };
  "message.send": {
    data: { channel: string; client_id: string; text: string; reply_to?: number; mentions?: string[] };
    ok: { seq: number; message: Message };
  };
  "message.edit": { data: { channel: string; seq: number; text: string }; ok: { seq: number } };
  "message.delete": { data: { channel: string; seq: number; reason?: string }; ok: { seq: number } };
  "message.restore": { data: { channel: string; seq: number }; ok: { seq: number } };
  "message.react": { data: { channel: string; seq: number; emoji: string; on: boolean }; ok: { seq: number } };
  "message.pin": { data: { channel: string; seq: number; on: boolean }; ok: { seq: number } };
  "direct.open": { data: { people: string[] }; ok: { direct: DirectSummary } };
  "direct.list": { data: { cursor?: number }; ok: DirectList };
  "direct.hide": { data: { channel: string }; ok: Nothing };
  "person.block": { data: { person: string }; ok: Nothing };
  "person.unblock": { data: { person: string }; ok: Nothing };
  "person.blocks": { data: Nothing; ok: { people: Card[] } };
  "moderation.time_out": {
    data: { person: string; room?: string; seconds: number; reason: string };
    ok: { sanction: Sanction };
  };
  "moderation.ban": {
    data: { person: string; room?: string; reason: string; seconds?: number };
    ok: { sanction: Sanction };
  };
  "moderation.lift": { data: { sanction: string }; ok: Nothing };
  "moderation.delete_recent": {
    data: { channel: string; person: string; minutes: number; reason?: string };
    ok: { deleted: number; more: boolean };
  };
  "moderation.slow_mode": { data: { room: string; seconds: number }; ok: Nothing };
  "moderation.lock": { data: { room: string; locked: boolean }; ok: Nothing };
  "moderation.sanctions": { data: { room?: string; cursor?: string }; ok: Sanctions };
  "moderation.history": { data: { person: string; room?: string; cursor?: string }; ok: ModerationHistory };
}

/** "The changes `after` + 1 to `seq` have happened; these messages now look like this." */
export interface MessagesPush {
  after: number;
  seq: number;
  messages: Message[];
}

export interface Typing {
  names: string[];
  /** How many more than those named. */
  more: number;
}

export interface Tick {
  people?: number;
  typing?: Typing;
  /** Only in rooms of few people. */
  joined?: Card[];
  left?: string[];
}

export interface RoomPush extends RoomSwitches {
  room: string;
  name: string;
}

export interface EventPush {
  version: number;
  what: ("agenda" | "rooms" | "event" | "ticket_types")[];
}

export interface Closing {
  code: string;
  message: string;
  retry_after_ms?: number | null;
}

/** Every push and its `data`. */
export interface Pushes {
  messages: MessagesPush;
  tick: Tick;
  unread: { unread: number; mentions: number };
  direct: { direct: DirectSummary };
  mention: { message: Message };
  room: RoomPush;
  standing: { sanctions: Sanction[] };
  removed: { code: string; message: string };
  roles: { roles: Role[]; read_only: boolean };
  event: EventPush;
  closing: Closing;
  reset: { reason: string };
}

export type Push = {
  [Name in keyof Pushes]: { push: Name; channel?: string; data: Pushes[Name] };
}[keyof Pushes];

export interface WireError {
  code: string;
  message: string;
  retry_after_ms?: number;
  field?: string;
  /** When what forbids it ends by itself. */
  until?: number;
}

/** Without a number when the request had no readable one. */
export type Reply = { reply: number; ok: unknown } | { reply: number | null; error: WireError };
