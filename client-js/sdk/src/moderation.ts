import type { SignalOption } from "./abort.js";
import type { Session } from "./session.js";
import type { ModerationDeleteRecentAnswer, ModerationHistoryAnswer, ModerationSanctionsAnswer, Operations, Sanction } from "./generated.js";

/** What moderators can do, in one room or without `room` in the whole event. Works at once on open connections. */
export class Moderation {
  readonly #session: Session;

  /** @internal Use `plenary.moderation`. */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Keeps a person from writing for some time: 10 seconds to 30 days. The reason is told to them. */
  async timeOut(sanction: Operations["moderation.time_out"]["data"]): Promise<Sanction> {
    return (await this.#session.request("moderation.time_out", sanction)).sanction;
  }

  /** Keeps a person out, for good or for `seconds`. */
  async ban(sanction: Operations["moderation.ban"]["data"]): Promise<Sanction> {
    return (await this.#session.request("moderation.ban", sanction)).sanction;
  }

  /** Ends a time-out or a ban. */
  async lift(sanction: string): Promise<void> {
    await this.#session.request("moderation.lift", { sanction });
  }

  /** Lets everybody write once in this number of seconds (0 to 3600; 0 ends it). */
  async slowMode(room: string, seconds: number): Promise<void> {
    await this.#session.request("moderation.slow_mode", { room, seconds });
  }

  /** Lets only moderators write, until `locked` is false again. */
  async lock(room: string, locked = true): Promise<void> {
    await this.#session.request("moderation.lock", { room, locked });
  }

  /** Deletes what a person wrote in a channel in the last `minutes`, at most 500 messages; with `more`, ask again. */
  deleteRecent(query: Operations["moderation.delete_recent"]["data"]): Promise<ModerationDeleteRecentAnswer> {
    return this.#session.request("moderation.delete_recent", query);
  }

  /** Brings messages back that moderators deleted, at most 500. */
  async restore(channel: string, messages: number[]): Promise<number> {
    return (await this.#session.request("moderation.restore", { channel, messages })).restored;
  }

  /** A person's sanctions so far; a moderator of a room has to name it. */
  history(query: Operations["moderation.history"]["data"], options?: SignalOption): Promise<ModerationHistoryAnswer> {
    return this.#session.request("moderation.history", query, options);
  }

  /** The sanctions in force; `next` is the `cursor` of the following page. */
  sanctions(query: { room?: string; cursor?: string } = {}, options?: SignalOption): Promise<ModerationSanctionsAnswer> {
    return this.#session.request("moderation.sanctions", query, options);
  }
}
