import { signal } from '@preact/signals';
import { api } from '../hub/api';
import { Cached, perOwner, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import type { SessionId } from 'plenary-client/rest';
import { indexAgenda, type IndexedAgenda } from './arrange';

/** The programme of an event. */
export const agendaOf = perOwner((store: EventStore) => new Cached<IndexedAgenda>(async () => indexAgenda(await api.get('/events/{slug}/agenda', { slug: store.slug }))));

/** The sessions of the person's own programme. */
class Stars {
  readonly sessions = signal<ReadonlySet<SessionId>>(new Set());
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  async load(): Promise<void> {
    // Guests have none; and the pages work without them.
    if (me.value?.kind !== 'person') return;
    const answer = await api.get('/events/{slug}/stars', { slug: this.#store.slug }).catch(() => undefined);
    if (answer) this.sessions.value = new Set(answer.sessions);
  }

  /** Applies at once and reverts if the hub refuses. */
  async set(session: SessionId, on: boolean): Promise<void> {
    const put = (starred: boolean): void => {
      const sessions = new Set(this.sessions.value);
      if (starred) sessions.add(session);
      else sessions.delete(session);
      this.sessions.value = sessions;
    };
    put(on);
    try {
      const star = { slug: this.#store.slug, id: session };
      await (on ? api.put('/events/{slug}/stars/{id}', star) : api.delete('/events/{slug}/stars/{id}', star));
    } catch (problem) {
      put(!on);
      throw problem;
    }
  }
}

export const starsOf = perOwner((store: EventStore) => new Stars(store));
