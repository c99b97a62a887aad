import type { Refusal } from "./generated.js";

/** One of several things that are wrong with a request: a field of a form, or a row of an import. */
export interface ErrorItem {
  /** The line of a table, or the place in a document. */
  readonly row?: string;
  readonly field?: string;
  /** A sentence for people. */
  readonly message: string;
}

export interface ErrorDetails {
  readonly field?: string;
  readonly errors?: readonly ErrorItem[];
  readonly until?: number;
  readonly reason?: string;
  readonly retryAfter?: number;
  readonly status?: number;
  readonly cause?: unknown;
}

/**
 * What a request, a send or the connection failed with, over the socket and REST alike; `message` is a sentence
 * for people.
 *
 * `code` is stable and dotted: the hub's own codes, and those of this package: `connection.lost` (ask again once the
 * connection is back), `connection.closed` (it does not come back by itself), `queue.full` (too much is waiting
 * for an answer), `request.too_large` and `channel.left`.
 */
export class PlenaryError extends Error {
  /** The field of the request that was refused. */
  readonly field?: string;
  /** Every single thing that is wrong, where the hub names more than one; otherwise empty. */
  readonly errors: readonly ErrorItem[];
  /** When the refusal ends, in milliseconds since 1970, for example the end of a time-out. */
  readonly until?: number;
  /** Why, in the moderators' words, where they gave any. */
  readonly reason?: string;
  /** Milliseconds after which the same request may succeed; missing if waiting does not help. */
  readonly retryAfter?: number;
  /** The HTTP status of an answer over REST; 0 if no answer came. */
  readonly status?: number;
  declare readonly cause?: unknown;

  constructor(
    readonly code: string,
    message: string,
    { field, errors = [], until, reason, retryAfter, status, cause }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PlenaryError";
    this.field = field;
    this.errors = errors;
    this.until = until;
    this.reason = reason;
    this.retryAfter = retryAfter;
    this.status = status;
  }

  /** The error for each field it names, to show beside the form's fields; the first counts. */
  get fields(): Record<string, string> {
    const fields: Record<string, string> = {};
    for (const { field, message } of this.errors) if (field) fields[field] ??= message;
    if (this.field) fields[this.field] ??= this.message;
    return fields;
  }
}

/** @internal A refusal over the socket. */
export function fromWire({ code, message, field, until, reason, retry_after_ms: retryAfter }: Refusal): PlenaryError {
  return new PlenaryError(code, message, { field, until, reason, retryAfter });
}

/** @internal A refusal over REST, `application/problem+json`; all missing if something else answered, as a proxy. */
export interface WireProblem {
  code?: string;
  title?: string;
  detail?: string;
  field?: string;
  errors?: readonly ErrorItem[];
  until?: number;
  retry_after_ms?: number;
}

/** @internal The message is empty if it was not the hub that answered. */
export function fromProblem(status: number, problem: WireProblem): PlenaryError {
  const { code = `http.${status}`, title = "", detail = title, retry_after_ms: retryAfter, ...details } = problem;
  const { field, errors, until } = details;
  return new PlenaryError(code, detail, { field, errors, until, retryAfter, status });
}

/** @internal */
export const LOST = "connection.lost";

/** @internal */
export function connectionLost(): PlenaryError {
  return new PlenaryError(LOST, "The connection was lost. Please try again.");
}

/** How soon to try again after a queue was full, in milliseconds. */
const QUEUE_PAUSE = 1_000;

/** @internal */
export function queueFull(): PlenaryError {
  return new PlenaryError("queue.full", "Too much is waiting. Please try again.", { retryAfter: QUEUE_PAUSE });
}
