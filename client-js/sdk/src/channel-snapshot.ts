import type { PlenaryError } from "./error.js";
import type { ChannelState, Message, RoomPush, TickPush, TypingPeople } from "./generated.js";
import type { PendingMessage } from "./outbox.js";

/** A message of a channel: settled, or one's own that is still on its way (then it has `pending`). */
export type ChatMessage =
  | (Message & { readonly pending?: undefined })
  | (PendingMessage & { readonly seq?: undefined });

/** `joining`: what is shown may be behind. `left` and `removed`: nothing arrives any more. */
export type ChannelStatus = "joining" | "live" | "left" | "removed";

/** Everything of a channel that can be shown. */
export interface ChannelSnapshot {
  readonly status: ChannelStatus;
  readonly state: ChannelState;
  /** Ascending by `seq`, then one's own that are on their way. */
  readonly messages: readonly ChatMessage[];
  /** Who is typing now, apart from oneself. */
  readonly typingNow: TypingPeople;
  /** What the hub's capabilities count here, by kind; `null` where there is nothing to show any more. */
  readonly totals: Readonly<Record<string, unknown>>;
  /** Whether `history` has more to show. */
  readonly hasOlder: boolean;
  /** The emoji with which one reacted oneself, by `seq`, as far as they are known. */
  readonly ownReactions: ReadonlyMap<number, readonly string[]>;
}

export interface ChannelEvents {
  /** A message not seen before; exactly once each, in order. Not those that joining found already there. */
  message: Message;
  /** A message of the list looks different: edited, deleted, restored, pinned, other reactions. */
  change: Message;
  /** The list was replaced: between what was known before and now there may be a gap. */
  reset: void;
  /** Anything of the channel is different; once for everything that arrived together. */
  update: ChannelSnapshot;
  /** People in the channel, and who is typing. */
  tick: TickPush;
  /** The room's switches or name changed. */
  room: RoomPush;
  /** The channel is not yours any more, and why. */
  removed: PlenaryError;
}
