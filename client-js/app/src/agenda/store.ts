import { signal } from '@preact/signals';
import { api } from '../hub/api';
import { Cached, perOwner, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import type { Agenda, Id } from '../hub/types';
import { indexAgenda, type IndexedAgenda } from './arrange';

/** The programme of an event. */
export const agendaOf = perOwner((store: EventStore) => new Cached<IndexedAgenda>(async () => indexAgenda(await api.get<Agenda>(store.path('agenda')))));

/** The sessions on one's own programme. */
class Stars {
  readonly sessions = signal<ReadonlySet<Id>>(new Set());
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  async load(): Promise<void> {
    // Guests have none; and the pages are whole without them.
    if (me.value?.kind !== 'person') return;
    const answer = await api.get<{ sessions: Id[] }>(this.#store.path('stars')).catch(() => undefined);
    if (answer) this.sessions.value = new Set(answer.sessions);
  }

  /** Applies at once and takes it back when the hub refuses. */
  async set(session: Id, on: boolean): Promise<void> {
    const put = (starred: boolean): void => {
      const sessions = new Set(this.sessions.value);
      if (starred) sessions.add(session);
      else sessions.delete(session);
      this.sessions.value = sessions;
    };
    put(on);
    try {
      const path = this.#store.path('stars', session);
      await (on ? api.put(path) : api.delete(path));
    } catch (problem) {
      put(!on);
      throw problem;
    }
  }
}

export const starsOf = perOwner((store: EventStore) => new Stars(store));
