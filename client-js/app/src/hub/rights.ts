import { isModerator, isOrganizer } from './roles';
import type { RoomId } from 'plenary-client/rest';
import { live } from './live';

/** Whether the person moderates a room, or the whole event: according to the connection, which receives changes at once. */
export function moderates(room?: RoomId): boolean {
  const current = live.value;
  if (!current) return false;
  if (!current.hello.value) return isModerator(current.store.slug, room);
  return current.roles.value.some((grant) => (grant.role === 'moderator' || grant.role === 'organizer') && (!grant.room || grant.room === room));
}

/** Moderator or organizer of anything here, for whom the moderation page is useful. */
export function moderatesSomewhere(): boolean {
  return live.value?.roles.value.some(({ role }) => role === 'moderator' || role === 'organizer') ?? false;
}

export function organizes(): boolean {
  const current = live.value;
  if (!current) return false;
  if (!current.hello.value) return isOrganizer(current.store.slug);
  return current.roles.value.some(({ role, room }) => role === 'organizer' && !room);
}
