import type { UnreadChannel } from "./generated.js";

/** What is unread in a channel. `seq`: up to which number the hub counted, where it did. */
export type Unread = UnreadChannel & { seq?: number };

/** @internal What is unread, by channel: as the hub counted it, and from then on as it is counted here. */
export class UnreadCounts {
  /** A new map whenever it is different. */
  byChannel: ReadonlyMap<string, Unread> = new Map();

  /** A new connection: only what the hub says counts. */
  replace(all: readonly Unread[]): void {
    this.byChannel = new Map(all.map((unread) => [unread.channel, unread]));
  }

  /** Returns whether the counts are different. */
  set(news: Unread): boolean {
    const known = this.byChannel.get(news.channel);
    this.byChannel = new Map(this.byChannel).set(news.channel, news);
    return known?.unread !== news.unread || known.mentions !== news.mentions;
  }

  /** The counts after a mention in a channel that is not joined; none if the hub counted that message already. */
  mentioned(channel: string, to: number): Unread | undefined {
    // The hub counts once until one reads; a mention after that is counted here.
    const { unread = 0, mentions = 0, seq = 0 } = this.byChannel.get(channel) ?? {};
    return to > seq ? { channel, unread: unread + 1, mentions: mentions + 1, seq: to } : undefined;
  }
}
