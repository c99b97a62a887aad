import { batch, computed, signal } from '@preact/signals';
import { Plenary, type ConnectionState, type Grant, type HelloAnswer, type Limits, type Sanction, type Unread } from 'plenary-client';
import { setHubTime } from './clock';
import type { EventStore } from './event';
import { ChannelView } from './channel-view';

/** The connection to one event, as signals for the pages. */
export class Live {
  readonly client: Plenary;
  readonly connection = signal<ConnectionState>({ status: 'idle' });
  readonly hello = signal<HelloAnswer | undefined>(undefined);
  readonly roles = signal<readonly Grant[]>([]);
  readonly readOnly = signal(false);
  /** The person's own active sanctions. */
  readonly standing = signal<readonly Sanction[]>([]);
  readonly unread = signal<ReadonlyMap<string, Unread>>(new Map());
  readonly limits = computed<Limits | undefined>(() => this.hello.value?.limits);
  private readonly views = new Map<string, { view: ChannelView; holders: number }>();

  constructor(readonly store: EventStore) {
    this.client = new Plenary({ event: store.slug, client: 'plenary-app/0.1' });
    const { client } = this;
    client.on('state', (state) => (this.connection.value = state));
    client.on('hello', (hello) => this.greeted(hello));
    client.on('roles', ({ roles, read_only }) => {
      this.roles.value = roles;
      this.readOnly.value = read_only;
    });
    client.on('standing', (standing) => (this.standing.value = standing));
    client.on('unread', () => (this.unread.value = new Map(client.unread)));
  }

  private greeted(hello: HelloAnswer): void {
    setHubTime(hello.server_time);
    batch(() => {
      this.hello.value = hello;
      this.roles.value = hello.roles;
      this.readOnly.value = hello.read_only;
      this.standing.value = hello.standing;
      this.unread.value = new Map(this.client.unread);
    });
  }

  connect(): void {
    // `connection` reports the outcome; the promise only repeats it.
    this.client.connect().catch(() => undefined);
  }

  close(): void {
    this.client.close();
  }

  /** A channel that stays joined until `letGo` has been called as often as this. */
  hold(channel: string): ChannelView {
    const held = this.views.get(channel);
    if (held) {
      held.holders++;
      return held.view;
    }
    const view = new ChannelView(this.client, channel);
    this.views.set(channel, { view, holders: 1 });
    return view;
  }

  letGo(channel: string): void {
    const held = this.views.get(channel);
    if (!held || --held.holders > 0) return;
    this.views.delete(channel);
    held.view.leave();
  }
}

/** The event the person is in; undefined outside. */
export const live = signal<Live | undefined>(undefined);

/** Connects to an event, ending the connection to another one. `prepare` can subscribe before anything arrives. */
export function enterEvent(store: EventStore, prepare: (live: Live) => void): void {
  if (live.value?.store === store) return;
  leaveEvent();
  const next = new Live(store);
  prepare(next);
  live.value = next;
  next.connect();
}

export function leaveEvent(): void {
  live.value?.close();
  live.value = undefined;
}
