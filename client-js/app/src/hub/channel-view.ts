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
  private readonly leaving = new AbortController();
  private readonly heard = new Set<(message: Message) => void>();

  constructor(
    private readonly client: Plenary,
    readonly id: string,
  ) {
    void this.join();
  }

  private async join(): Promise<void> {
    try {
      const channel = await this.client.join(this.id, { signal: this.leaving.signal });
      if (this.leaving.signal.aborted) return channel.leave();
      this.follow(channel);
    } catch (problem) {
      if (this.leaving.signal.aborted) return;
      this.problem.value = problem;
      // If the connection ended, the channel can be joined again after reconnecting.
      const off = this.client.on('hello', () => {
        off();
        void this.join();
      });
    }
  }

  private follow(channel: Channel): void {
    const { read } = channel.state;
    batch(() => {
      this.problem.value = undefined;
      this.channel.value = channel;
      // On a first visit there is no line: everything is new.
      if (read.seq > 0 && read.unread > 0) this.readOnEntry.value = read.seq;
      this.copy(channel);
    });
    channel.on('update', () => batch(() => this.copy(channel)));
    channel.on('tick', (tick) => {
      if (tick.people !== undefined || tick.joined || tick.left) this.ticks.value++;
    });
    channel.on('message', (message) => this.heard.forEach((listener) => listener(message)));
    channel.on('removed', (problem) => (this.problem.value = problem));
  }

  private copy(channel: Channel): void {
    this.messages.value = channel.messages;
    this.state.value = channel.state;
    this.status.value = channel.status;
    this.typing.value = channel.typingNow;
    this.hasOlder.value = channel.hasOlder;
    this.updates.value++;
  }

  /** Calls back for every new message, exactly once; not for existing ones. */
  onMessage(listener: (message: Message) => void): () => void {
    this.heard.add(listener);
    return () => this.heard.delete(listener);
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
    this.leaving.abort();
    this.channel.value?.leave();
  }
}
