import { signal } from '@preact/signals';
import { PlenaryError, type Registration } from 'plenary-client/rest';
import { api } from '../hub/api';
import { perOwner, type EventStore } from '../hub/event';
import { me } from '../hub/me';

/** The person's registration for an event. */
class OwnRegistration {
  /** undefined until it has arrived; null: this person has none. */
  readonly value = signal<Registration | null | undefined>(undefined);
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  async load(): Promise<void> {
    // The account lists its registrations; without one there is nothing to load.
    if (!me.value?.events.some((membership) => membership.slug === this.#store.slug && membership.registration_status)) {
      this.value.value = null;
      return;
    }
    try {
      this.value.value = await api.get('/events/{slug}/registration', { slug: this.#store.slug });
    } catch (problem) {
      if (problem instanceof PlenaryError && Math.trunc((problem.status ?? 0) / 100) === 4) this.value.value = null;
    }
  }
}

export const registrationOf = perOwner((store: EventStore) => new OwnRegistration(store));
