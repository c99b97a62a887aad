import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { ownZone } from '../lib/format';
import { zoneChoice } from '../lib/preferences';
import { api } from './api';
import type { Event } from 'plenary-client/rest';

/** The open event. Capabilities keep their own data about it: see `perOwner`. */
export class EventStore {
  readonly event = signal<Event | undefined>(undefined);
  /** Why the event itself could not be loaded. */
  readonly problem = signal<unknown>(undefined);
  /** The time zone in which times are shown. */
  readonly zone: ReadonlySignal<string> = computed(() =>
    zoneChoice.value === 'mine' ? ownZone() : (this.event.value?.time_zone ?? ownZone()),
  );

  constructor(readonly slug: string) {}

  /** Address of a page of this event. */
  link(...segments: string[]): string {
    return ['/e', this.slug, ...segments].map((part, index) => (index ? encodeURIComponent(part) : part)).join('/');
  }

  async loadEvent(): Promise<void> {
    try {
      this.event.value = await api.get('/events/{slug}', { slug: this.slug });
      this.problem.value = undefined;
    } catch (problem) {
      this.problem.value = problem;
    }
  }
}

let open: EventStore | undefined;

/** The store of an event; the last one opened is kept. */
export function eventStore(slug: string): EventStore {
  if (open?.slug !== slug) open = new EventStore(slug);
  return open;
}

/** A capability's data about an event, or a connection: created on first use, and released with its owner. */
export function perOwner<Owner extends object, T>(create: (owner: Owner) => T): (owner: Owner) => T {
  const kept = new WeakMap<Owner, T>();
  return (owner) => {
    let found = kept.get(owner);
    if (!found) kept.set(owner, (found = create(owner)));
    return found;
  };
}

/** Something that is read from the hub and cached. */
export class Cached<T> {
  /** undefined until it has arrived. */
  readonly value = signal<T | undefined>(undefined);
  /** Why it could not be read. */
  readonly problem = signal<unknown>(undefined);
  readonly #read: () => Promise<T>;
  #wanted = false;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Reads it, or reads it again. If that fails, the present value stays. */
  async load(): Promise<void> {
    this.#wanted = true;
    try {
      this.value.value = await this.#read();
      this.problem.value = undefined;
    } catch (problem) {
      this.problem.value = problem;
      this.#wanted = false;
    }
  }

  /** Reads it unless that was done already. */
  async loadOnce(): Promise<void> {
    if (!this.#wanted) await this.load();
  }
}
