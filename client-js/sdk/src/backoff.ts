import type { Delays } from "./options.js";

/**
 * How long to wait before attempt number `attempt` (0 is the first after a loss): full jitter over a range that
 * doubles, so that thousands of clients that lost the same hub do not come back together.
 */
export function backoff(attempt: number, random: () => number, { minRetry, maxRetry }: Delays): number {
  return Math.min(maxRetry, Math.round(minRetry * (1 + random() * 2 ** attempt)));
}

/** Whether a close code (4200–4299) says not to come back by oneself. */
export function isFinal(code: number): boolean {
  return code >= 4200 && code < 4300;
}

/**
 * The delay in milliseconds that a close asks for, if any: the reason of 4100–4199 is "code delay_ms". Without one,
 * the delay that was `announced` (the `retry_after_ms` of the `closing` push before) holds, because the connection
 * may break before the close arrives.
 */
export function toldDelay(reason: string, announced?: number | null): number | undefined {
  const written = parseInt(reason.split(" ")[1]!);
  return written >= 0 ? written : (announced ?? undefined);
}
