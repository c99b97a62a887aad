/** Shortest and longest wait between two attempts to connect, in milliseconds. */
export const SHORTEST_WAIT = 500;
export const LONGEST_WAIT = 20_000;
/** The longest told delay that is believed: also what a timer can hold without overflowing. */
const LONGEST_TOLD_WAIT = 24 * 3_600_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first after a loss): full jitter over a range that
 * doubles, so that thousands of clients that lost the same hub do not come back together.
 */
export function backoff(attempt: number, random: () => number): number {
  const range = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** attempt);
  return Math.min(LONGEST_WAIT, SHORTEST_WAIT + Math.round(random() * range));
}

/** What a close code asks for: come back with the usual jitter, after a told delay, or not at all. */
export type Policy = { kind: "again" } | { kind: "told"; delay: number } | { kind: "final" };

/**
 * Reads the policy from a close. The reason of 4100–4199 is "code delay_ms"; without a readable delay there,
 * `announced` (the `retry_after_ms` of a preceding `closing` push) counts, as it does when the connection
 * broke before the close could arrive.
 */
export function closePolicy(code: number, reason: string, announced?: number): Policy {
  if (code >= 4200 && code < 4300) return { kind: "final" };
  const written = code >= 4100 && code < 4200 ? Number.parseInt(reason.split(" ")[1] ?? "", 10) : Number.NaN;
  const delay = Number.isNaN(written) ? announced : written;
  if (delay === undefined || (code >= 4000 && code < 4100)) return { kind: "again" };
  return { kind: "told", delay: Math.min(LONGEST_TOLD_WAIT, Math.max(0, delay)) };
}
