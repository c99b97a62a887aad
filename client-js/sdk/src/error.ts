import type { WireError } from "./wire.js";

/**
 * What a request, a send or the connection failed with.
 *
 * `code` is stable and dotted: the hub's own codes, and of this package `connection.lost` (ask again once the
 * connection is back), `connection.closed` (it does not come back by itself), `queue.full` (too much is
 * waiting for an answer), `request.too_large` and `channel.left`.
 */
export class PlenaryError extends Error {
  override readonly name = "PlenaryError";
  readonly code: string;
  /** Milliseconds to wait before the same request can succeed. */
  readonly retryAfter?: number;
  /** The field of the request that was refused. */
  readonly field?: string;

  constructor(code: string, message: string, more: { retryAfter?: number; field?: string } = {}) {
    super(message);
    this.code = code;
    Object.assign(this, more);
  }

  static fromWire(error: WireError): PlenaryError {
    const { retry_after_ms: retryAfter, field } = error;
    return new PlenaryError(error.code, error.message, {
      ...(retryAfter !== undefined && { retryAfter }),
      ...(field !== undefined && { field }),
    });
  }

  /** Whether the same request may succeed later without anything else having changed. */
  get temporary(): boolean {
    return this.retryAfter !== undefined || this.code.startsWith("server.");
  }
}

export const connectionLost = () =>
  new PlenaryError("connection.lost", "The connection was lost before the answer came. Please try again.");
