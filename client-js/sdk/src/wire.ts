// The types of the protocol `plenary.v1`, under the names that this package uses for them.
// What they are stands in `generated.ts`, which the hub makes from its own types.

import type {
  ChannelCatchUpAnswer,
  ChannelHistoryAnswer,
  ChannelJoinAnswer,
  ChannelPeopleAnswer,
  ClosingPush,
  DirectListAnswer,
  Grant,
  HelloAnswer,
  ModerationHistoryAnswer,
  ModerationSanctionsAnswer,
  Pushes,
  Refusal,
  TickPush,
  TypingPeople,
  UnreadChannel,
} from "./generated.js";

export type {
  Card,
  ChannelState,
  DirectSummary,
  EventPush,
  Limits,
  Message,
  MessagesPush,
  Operations,
  Pushes,
  PastSanction,
  ReadState,
  RoomPush,
  RoomSwitches,
  Sanction,
} from "./generated.js";

export type Hello = HelloAnswer;
export type Join = ChannelJoinAnswer;
export type CatchUp = ChannelCatchUpAnswer;
export type History = ChannelHistoryAnswer;
export type People = ChannelPeopleAnswer;
export type DirectList = DirectListAnswer;
export type ModerationHistory = ModerationHistoryAnswer;
export type Sanctions = ModerationSanctionsAnswer;
export type Role = Grant;
/** `seq`: up to which number it was counted, where the hub said it by itself. */
export type Unread = UnreadChannel & { seq?: number };
export type Tick = TickPush;
export type Typing = TypingPeople;
export type Closing = ClosingPush;
export type WireError = Refusal;

export type Push = {
  [Name in keyof Pushes]: { push: Name; channel?: string; data: Pushes[Name] };
}[keyof Pushes];

/** Without a number when the request had no readable one. */
export type Reply = { reply: number; ok: unknown } | { reply: number | null; error: WireError };
