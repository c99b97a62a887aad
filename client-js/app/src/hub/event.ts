import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { PlenaryError } from 'plenary-client/rest';
import { api } from './api';
import { indexAgenda, type IndexedAgenda } from '../agenda/arrange';
import { ownZone } from '../lib/format';
import type { ChannelId, Event, Registration, Room, RoomId, SessionId } from 'plenary-client/rest';
import { me } from './me';
import { zoneChoice } from '../lib/preferences';

/** Parts of an event that the hub announces as changed. */
export type EventPart = 'agenda' | 'rooms' | 'event' | 'ticket_types';

/** All that the app knows of the event that is open. Each part is undefined until it has come. */
export class EventStore {
  readonly event = signal<Event | undefined>(undefined);
  readonly rooms = signal<Room[] | undefined>(undefined);
  readonly announcements = signal<ChannelId | undefined>(undefined);
  readonly agenda = signal<IndexedAgenda | undefined>(undefined);
  readonly stars = signal<ReadonlySet<SessionId>>(new Set());
  /** null: this person has none. */
  readonly registration = signal<Registration | null | undefined>(undefined);
  /** Why the event itself could not be loaded. */
  readonly problem = signal<unknown>(undefined);
  /** Why its agenda or its rooms could not be loaded. */
  readonly insideProblem = signal<unknown>(undefined);
  /** The time zone that times are shown in. */
  readonly zone: ReadonlySignal<string> = computed(() =>
    zoneChoice.value === 'mine' ? ownZone() : (this.event.value?.time_zone ?? ownZone()),
  );
  private insideWanted = false;

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

  async loadRegistration(): Promise<void> {
    // The account tells which events it has a registration for; where there is none, there is nothing to ask.
    if (!me.value?.events.some((membership) => membership.slug === this.slug && membership.registration_status)) {
      this.registration.value = null;
      return;
    }
    try {
      this.registration.value = await api.get('/events/{slug}/registration', { slug: this.slug });
    } catch (problem) {
      if (problem instanceof PlenaryError && Math.trunc((problem.status ?? 0) / 100) === 4) this.registration.value = null;
    }
  }

  /** Rooms, agenda and stars: what those who take part see. Only the first call asks the hub. */
  async loadInside(again = false): Promise<void> {
    if (this.insideWanted && !again) return;
    this.insideWanted = true;
    try {
      await Promise.all([this.loadRooms(), this.loadAgenda(), this.loadStars()]);
      this.insideProblem.value = undefined;
    } catch (problem) {
      this.insideProblem.value = problem;
      this.insideWanted = false;
    }
  }

  async loadRooms(): Promise<void> {
    const list = await api.get('/events/{slug}/rooms', { slug: this.slug });
    this.rooms.value = list.items.toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name));
    this.announcements.value = list.announcements;
  }

  async loadAgenda(): Promise<void> {
    this.agenda.value = indexAgenda(await api.get('/events/{slug}/agenda', { slug: this.slug }));
  }

  private async loadStars(): Promise<void> {
    // Guests have none; and the page is whole without them.
    if (me.value?.kind !== 'person') return;
    const answer = await api.get('/events/{slug}/stars', { slug: this.slug }).catch(() => undefined);
    if (answer) this.stars.value = new Set(answer.sessions);
  }

  /** The hub says that parts have changed. */
  async refresh(parts: readonly EventPart[]): Promise<void> {
    const wanted: Promise<void>[] = [];
    if (parts.includes('event') || parts.includes('ticket_types')) wanted.push(this.loadEvent());
    if (parts.includes('rooms')) wanted.push(this.loadRooms());
    if (parts.includes('agenda')) wanted.push(this.loadAgenda());
    // What is shown stays when the network fails; the next announcement or reload brings the change.
    await Promise.allSettled(wanted);
  }

  /** Applies at once and takes it back when the hub refuses. */
  async setStar(session: SessionId, on: boolean): Promise<void> {
    const put = (starred: boolean): void => {
      const stars = new Set(this.stars.value);
      if (starred) stars.add(session);
      else stars.delete(session);
      this.stars.value = stars;
    };
    put(on);
    try {
      const star = { slug: this.slug, id: session };
      await (on ? api.put('/events/{slug}/stars/{id}', star) : api.delete('/events/{slug}/stars/{id}', star));
    } catch (problem) {
      put(!on);
      throw problem;
    }
  }

  /** A moderator has switched something in a room. */
  roomSwitched(id: RoomId, switches: Pick<Room, 'slow_mode_seconds' | 'locked'>): void {
    this.rooms.value = this.rooms.value?.map((room) => (room.id === id ? { ...room, ...switches } : room));
  }

  room(id: RoomId): Room | undefined {
    return this.rooms.value?.find((room) => room.id === id);
  }
}

let open: EventStore | undefined;

/** The store of an event; the last one opened is kept. */
export function eventStore(slug: string): EventStore {
  if (open?.slug !== slug) open = new EventStore(slug);
  return open;
}
