// The frames of the protocol `plenary.v1`; what is in them is in `generated.ts`, which the hub makes from its types.

import type { Pushes, Refusal } from "./generated.js";

/** What the hub says by itself; about a channel, where that is named. */
export type Push = {
  [Name in keyof Pushes]: { push: Name; channel?: string; data: Pushes[Name] };
}[keyof Pushes];

/** The answer to a request. Without a number if the request had no readable one. */
export type Reply = { reply: number; ok: unknown } | { reply: number | null; error: Refusal };
