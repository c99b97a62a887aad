import type { ChatMessage } from 'plenary-client';
import { calendarDay } from '../lib/format';
import { foldedLines, isLong, linesOf } from '../lib/lines';
import type { Row } from './virtual';

/** A row of the log: a message, or something between messages. */
export type LogRow = Row &
  (
    | { kind: 'message'; message: ChatMessage; /** Continues the same person's previous message. */ continued: boolean }
    | { kind: 'removed'; /** Deleted ones that follow each other. */ count: number; unfolded: boolean }
    | { kind: 'day'; at: number }
    | { kind: 'new' }
    | { kind: 'start' }
  );

/** Messages of one person within this time are grouped under one name. */
const together = 5 * 60_000;

/** Settled messages are identified by their position, pending ones by their client id. */
export const messageKey = (message: ChatMessage): string => (message.pending ? `p${message.client_id}` : `m${message.seq}`);

// A message object never changes, so its height is estimated once.
const estimates = new WeakMap<ChatMessage, number>();

/** The estimated height of a message: lines of text, its name line, its reactions. */
function estimate(message: ChatMessage, continued: boolean): number {
  let height = estimates.get(message);
  if (height === undefined) estimates.set(message, (height = textHeight(message)));
  return height + (continued ? 6 : 36);
}

function textHeight(message: ChatMessage): number {
  const text = message.text ?? '';
  // Folded, it has a button below.
  const lines = isLong(text) ? foldedLines + 2 : linesOf(text);
  const reactions = 'reactions' in message && message.reactions && Object.keys(message.reactions).length ? 34 : 0;
  return lines * 22 + reactions + (message.reply_to === undefined ? 0 : 24);
}

function continues(message: ChatMessage, before: ChatMessage | undefined): boolean {
  return (
    before !== undefined &&
    before.sender?.id === message.sender?.id &&
    message.sent_at - before.sent_at < together &&
    message.reply_to === undefined &&
    !('deleted' in before && before.deleted)
  );
}

export interface RowOptions {
  zone: string;
  /** The "new messages" line comes after this position; undefined: no line. */
  newAfter: number | undefined;
  /** The reader's own messages are never new. */
  self: string | undefined;
  /** Whether there is nothing older to load. */
  complete: boolean;
  /** Runs of deleted messages that are shown one by one, by the keys of their rows. */
  unfolded?: ReadonlySet<string>;
}

/** How many messages from a place on are deleted: one alone is shown as it is. */
function deletedFrom(messages: readonly ChatMessage[], place: number): number {
  let end = place;
  while ((messages[end] as { deleted?: string } | undefined)?.deleted) end++;
  return end - place;
}

/** The log's rows: days and the "new messages" line between the messages, names only where the sender changes. */
export function logRows(messages: readonly ChatMessage[], options: RowOptions): LogRow[] {
  const rows: LogRow[] = [];
  if (options.complete && messages.length) rows.push({ kind: 'start', key: 'start', estimate: 48, provisional: true });
  let day: string | undefined;
  let before: ChatMessage | undefined;
  let lineDrawn = options.newAfter === undefined;
  let folded = 0;
  for (const [place, message] of messages.entries()) {
    if (folded-- > 0) continue;
    const today = calendarDay(message.sent_at, options.zone);
    if (today !== day) {
      rows.push({ kind: 'day', key: `d${today}`, at: message.sent_at, estimate: 40, provisional: true });
      day = today;
      before = undefined;
    }
    if (!lineDrawn && message.sender?.id !== options.self && (message.seq ?? Infinity) > options.newAfter!) {
      rows.push({ kind: 'new', key: 'new', estimate: 32, provisional: true });
      lineDrawn = true;
      before = undefined;
    }
    const key = `r${message.seq}`;
    const run = before && 'deleted' in before && before.deleted ? 0 : deletedFrom(messages, place);
    if (run > 1) {
      const unfolded = options.unfolded?.has(key) ?? false;
      rows.push({ kind: 'removed', key, count: run, unfolded, estimate: 32, provisional: true });
      before = undefined;
      if (!unfolded) {
        folded = run - 1;
        continue;
      }
    }
    const continued = continues(message, before);
    // The oldest one may turn out to continue a message that is not loaded yet.
    const provisional = message === messages[0] && !options.complete ? { provisional: true as const } : {};
    rows.push({ kind: 'message', key: messageKey(message), message, continued, estimate: estimate(message, continued), ...provisional });
    before = message;
  }
  return rows;
}
