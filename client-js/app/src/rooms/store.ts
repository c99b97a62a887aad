import { api } from '../hub/api';
import { Cached, perOwner, type EventStore } from '../hub/event';
import type { ChannelId, Room, RoomId, Rooms as RoomsAnswer } from 'plenary-client/rest';

/** The rooms of an event, in their order. */
class Rooms extends Cached<RoomsAnswer> {
  get list(): readonly Room[] | undefined {
    return this.value.value?.items;
  }

  /** The channel of the organizers' announcements. */
  get announcements(): ChannelId | undefined {
    return this.value.value?.announcements;
  }

  find(id: RoomId): Room | undefined {
    return this.list?.find((room) => room.id === id);
  }

  /** A moderator has changed a switch of a room. */
  switched(id: RoomId, switches: Pick<Room, 'slow_mode_seconds' | 'locked'>): void {
    const known = this.value.value;
    if (known) this.value.value = { ...known, items: known.items.map((room) => (room.id === id ? { ...room, ...switches } : room)) };
  }
}

export const roomsOf = perOwner(
  (store: EventStore) =>
    new Rooms(async () => {
      const list = await api.get('/events/{slug}/rooms', { slug: store.slug });
      return { ...list, items: list.items.toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name)) };
    }),
);
