import type { SignalOption } from "./abort.js";
import type { DirectListAnswer, DirectSummary } from "./generated.js";
import type { Session } from "./session.js";
import { Store } from "./store.js";

/** How many conversations are kept; asking for the next page finds the others again. */
const MAX_KEPT = 500;

export interface DirectsEvents {
  /** The list is different. */
  update: readonly DirectSummary[];
}

/** One's conversations, the one with the newest message first. */
export class Directs extends Store<readonly DirectSummary[], DirectsEvents> {
  readonly #session: Session;
  #list: readonly DirectSummary[] = [];

  /** @internal Use `plenary.directs`. */
  constructor(session: Session) {
    super();
    this.#session = session;
    session.on("hello", ({ directs }) => this.#put(directs));
    session.on("direct", ({ direct }) => this.#put([direct]));
    session.on("unread", ({ channel, unread }) => {
      for (const direct of this.#list) {
        if (direct.channel === channel) this.#put([{ ...direct, unread }]);
      }
    });
  }

  /** Those known so far; a new array whenever it is different. */
  get list(): readonly DirectSummary[] {
    return this.snapshot;
  }

  /** Asks for the list: the newest page, or with the `next` of the last answer as `cursor` the following one. */
  async load(cursor?: number, options?: SignalOption): Promise<DirectListAnswer> {
    const page = await this.#session.request("direct.list", { cursor }, options);
    this.#put(page.directs);
    return page;
  }

  /**
   * Finds or makes the conversation of oneself with exactly `people` (1 to 7 ids); then `plenary.join` its
   * `channel`. The others see it from its first message on.
   */
  async open(people: string[], options?: SignalOption): Promise<DirectSummary> {
    return (await this.#session.request("direct.open", { people }, options)).direct;
  }

  /** Removes a conversation from the list until its next message. */
  async hide(channel: string): Promise<void> {
    await this.#session.request("direct.hide", { channel });
    this.#put([], channel);
  }

  /** Adds `news`, each instead of the one of the same channel. */
  #put(news: DirectSummary[], hidden?: string): void {
    const replaced = new Set([hidden, ...news.map(({ channel }) => channel)]);
    this.#list = [...news, ...this.#list.filter(({ channel }) => !replaced.has(channel))]
      .sort((one, other) => (other.last?.sent_at ?? 0) - (one.last?.sent_at ?? 0))
      .slice(0, MAX_KEPT);
    this.update();
  }

  /** @internal */
  protected override capture(): readonly DirectSummary[] {
    return this.#list;
  }
}
