import type { WireError } from "./wire.js";

/**
 * What a request, a send or the connection failed with; the message is a sentence for people.
 *
 * `code` is stable and dotted: the hub's own codes, and of this package `connection.lost` (ask again once the
 * connection is back), `connection.closed` (it does not come back by itself), `queue.full` (too much is
 * waiting for an answer), `request.too_large` and `channel.left`.
 */
export class PlenaryError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Milliseconds after which the same request may succeed; missing when waiting does not help. */
    readonly retryAfter?: number,
    /** The field of the request that was refused. */
    readonly field?: string,
  ) {
    super(message);
    this.name = "PlenaryError";
  }
}

export function fromWire({ code, message, retry_after_ms, field }: WireError): PlenaryError {
  return new PlenaryError(code, message, retry_after_ms, field);
}

export const LOST = "connection.lost";

export function connectionLost(): PlenaryError {
  return new PlenaryError(LOST, "The connection was lost. Please try again.");
}

/** How soon it is worth while to try again what found a queue full, in milliseconds. */
const QUEUE_PAUSE = 1_000;

export function queueFull(): PlenaryError {
  return new PlenaryError("queue.full", "Too much is waiting. Please try again.", QUEUE_PAUSE);
}
