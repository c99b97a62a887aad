import { Emitter } from "./emitter.js";
import type { RequestOptions } from "./requests.js";
import type { Session } from "./session.js";
import type { DirectSummary } from "./wire.js";

/** How many conversations are kept; asking for the next page finds the others again. */
const MOST_KEPT = 500;

export interface DirectsEvents {
  /** The list is different. */
  update: readonly DirectSummary[];
}

/** One's conversations, the one with the newest message first. */
export class Directs {
  readonly #session: Session;
  readonly #events = new Emitter<DirectsEvents>();
  #list: readonly DirectSummary[] = [];

  /** @internal Use `plenary.directs`. */
  constructor(session: Session) {
    this.#session = session;
    session.on("hello", ({ directs }) => this.#put([...directs, ...this.#list.filter(isNotIn(directs))]));
    session.on("direct", (direct) => this.#put([direct, ...this.#list.filter(isNotIn([direct]))]));
    session.on("unread", ({ channel, unread }) => this.#counted(channel, unread));
  }

  /** Calls `handler` at every `event` until the returned function is called. */
  on<Name extends keyof DirectsEvents>(event: Name, handler: (value: DirectsEvents[Name]) => void): () => void {
    return this.#events.on(event, handler);
  }

  /** Those known so far; a new array whenever it is different. */
  get list(): readonly DirectSummary[] {
    return this.#list;
  }

  /** Asks for the list: the newest page, or with the `next` of the last answer as `cursor` the following one. */
  async load(cursor?: string, options?: RequestOptions): Promise<{ directs: DirectSummary[]; next?: string }> {
    const page = await this.#session.request("direct.list", cursor === undefined ? {} : { cursor }, options);
    this.#put([...this.#list.filter(isNotIn(page.directs)), ...page.directs]);
    return page;
  }

  /**
   * Finds or makes the conversation of oneself with exactly `people` (1 to 7 ids); then `plenary.join` its
   * `channel`. The others see it from its first message on.
   */
  open(people: string[], options?: RequestOptions): Promise<DirectSummary> {
    return this.#session.request("direct.open", { people }, options);
  }

  /** Takes a conversation off the list until its next message. */
  async hide(channel: string): Promise<void> {
    await this.#session.request("direct.hide", { channel });
    this.#put(this.#list.filter((direct) => direct.channel !== channel));
  }

  #counted(channel: string, unread: number): void {
    if (!this.#list.some((direct) => direct.channel === channel && direct.unread !== unread)) return;
    this.#put(this.#list.map((direct) => (direct.channel === channel ? { ...direct, unread } : direct)));
  }

  #put(list: DirectSummary[]): void {
    // A stable sort: conversations without a message stay where they were.
    list.sort((one, other) => (other.last?.sent_at ?? 0) - (one.last?.sent_at ?? 0));
    this.#list = list.slice(0, MOST_KEPT);
    this.#events.emit("update", this.#list);
  }
}

function isNotIn(list: DirectSummary[]): (direct: DirectSummary) => boolean {
  const channels = new Set(list.map(({ channel }) => channel));
  return ({ channel }) => !channels.has(channel);
}
