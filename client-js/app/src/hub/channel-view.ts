import { batch, signal } from '@preact/signals';
import type { Channel, ChannelState, ChannelStatus, ChatMessage, Message, Plenary, TypingPeople } from 'plenary-client';

/** A joined channel, as signals. */
export class ChannelView {
  readonly channel = signal<Channel | undefined>(undefined);
  readonly messages = signal<readonly ChatMessage[]>([]);
  readonly state = signal<ChannelState | undefined>(undefined);
  readonly status = signal<ChannelStatus>('joining');
  readonly typing = signal<TypingPeople>({ names: [], more: 0 });
  readonly hasOlder = signal(false);
  readonly loadingOlder = signal(false);
  /** Why the channel could not be joined, or is no longer open. */
  readonly problem = signal<unknown>(undefined);
  /** Counts all changes: for values that are read from the channel itself. */
  readonly updates = signal(0);
  /** Counts presence pushes, for lists that are reloaded. */
  readonly ticks = signal(0);
  /** The read position on entering; the "new messages" line comes after it. */
  readonly readOnEntry = signal<number | undefined>(undefined);
  readonly #client: Plenary;
  readonly #leaving = new AbortController();
  /** Whether one is out, and nobody asks to be let in. */
  #out = true;
  readonly #heard = new Set<(message: Message) => void>();

  constructor(
    client: Plenary,
    readonly id: string,
  ) {
    this.#client = client;
    void this.#join();
    // A connection made anew, a ban that is lifted, a role that is given: what kept one out may be over.
    for (const event of ['hello', 'standing', 'roles'] as const) client.on(event, () => void this.#join(), this.#leaving);
  }

  async #join(): Promise<void> {
    if (!this.#out) return;
    this.#out = false;
    const { signal } = this.#leaving;
    try {
      const channel = await this.#client.join(this.id, { signal });
      if (!signal.aborted) this.#follow(channel);
    } catch (problem) {
      if (!signal.aborted) this.#lose(problem);
    }
  }

  #follow(channel: Channel): void {
    const { read } = channel.state;
    batch(() => {
      this.problem.value = undefined;
      this.channel.value = channel;
      // Whoever was never here has no line: all of it is new.
      if (read.seq && read.unread) this.readOnEntry.value = read.seq;
      this.#copy(channel);
    });
    channel.on('update', () => batch(() => this.#copy(channel)));
    channel.on('tick', (tick) => {
      if (tick.people !== undefined || tick.joined || tick.left) this.ticks.value++;
    });
    channel.on('message', (message) => this.#heard.forEach((listener) => listener(message)));
    channel.on('removed', (problem) => this.#lose(problem));
  }

  #lose(problem: unknown): void {
    this.#out = true;
    this.problem.value = problem;
  }

  #copy(channel: Channel): void {
    this.messages.value = channel.messages;
    this.state.value = channel.state;
    this.status.value = channel.status;
    this.typing.value = channel.typingNow;
    this.hasOlder.value = channel.hasOlder;
    this.updates.value++;
  }

  /** Calls back for every new message, exactly once; not for existing ones. */
  onMessage(listener: (message: Message) => void): () => void {
    this.#heard.add(listener);
    return () => this.#heard.delete(listener);
  }

  /** Loads the page before the oldest message. After a failure it can simply be requested again. */
  async loadOlder(): Promise<void> {
    const channel = this.channel.value;
    if (!channel || this.loadingOlder.value || !channel.hasOlder || channel.status !== 'live') return;
    this.loadingOlder.value = true;
    await channel.history().catch(() => undefined);
    this.loadingOlder.value = false;
  }

  leave(): void {
    this.#leaving.abort();
  }
}
