import { batch, signal } from '@preact/signals';
import { Plenary, type ConnectionState, type Grant, type HelloAnswer, type PlenarySnapshot, type Sanction, type Unread } from 'plenary-client';
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
  readonly #views = new Map<string, { view: ChannelView; holders: number }>();

  constructor(readonly store: EventStore) {
    this.client = new Plenary({ event: store.slug, client: 'plenary-app/0.1' });
    const { client } = this;
    client.on('hello', (hello) =>
      batch(() => {
        setHubTime(hello.server_time);
        this.hello.value = hello;
        this.#copy(client.snapshot);
      }),
    );
    client.on('update', (snapshot) => batch(() => this.#copy(snapshot)));
  }

  #copy({ state, roles, readOnly, standing, unread }: PlenarySnapshot): void {
    this.connection.value = state;
    this.roles.value = roles;
    this.readOnly.value = readOnly;
    this.standing.value = standing;
    this.unread.value = unread;
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
    const held = this.#views.get(channel);
    if (held) {
      held.holders++;
      return held.view;
    }
    const view = new ChannelView(this.client, channel);
    this.#views.set(channel, { view, holders: 1 });
    return view;
  }

  letGo(channel: string): void {
    const held = this.#views.get(channel);
    if (!held || --held.holders > 0) return;
    this.#views.delete(channel);
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
