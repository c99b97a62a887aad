import { signal } from '@preact/signals';
import { api, ApiError } from '../hub/api';
import { perOwner, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import type { Registration } from '../hub/types';

/** One's registration for an event. */
class OwnRegistration {
  /** undefined until it has come; null: this person has none. */
  readonly value = signal<Registration | null | undefined>(undefined);
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  async load(): Promise<void> {
    // The account tells which events it has a registration for; where there is none, there is nothing to ask.
    if (!me.value?.events.some((membership) => membership.slug === this.#store.slug && membership.registration_status)) {
      this.value.value = null;
      return;
    }
    try {
      this.value.value = await api.get<Registration>(this.#store.path('registration'));
    } catch (problem) {
      if (problem instanceof ApiError && problem.status >= 400 && problem.status < 500) this.value.value = null;
    }
  }
}

export const registrationOf = perOwner((store: EventStore) => new OwnRegistration(store));
