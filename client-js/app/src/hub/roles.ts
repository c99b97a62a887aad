import type { Grant, RoomId } from 'plenary-client/rest';
import { me } from './me';

/** Roles of the signed-in person for an event; those for one room have its id. */
export const rolesIn = (slug: string): readonly Grant[] => me.value?.events.find((entry) => entry.slug === slug)?.roles ?? [];

/** People who may create events organize all of them. */
export const isOrganizer = (slug: string): boolean =>
  mayCreateEvents() || rolesIn(slug).some(({ role, room }) => role === 'organizer' && !room);

/** For the event, or for one room of it. Organizers moderate too. */
export const isModerator = (slug: string, room?: RoomId): boolean =>
  rolesIn(slug).some((grant) => (grant.role === 'moderator' || grant.role === 'organizer') && (!grant.room || grant.room === room));

/** Whether the person gets past the entry: registered, with a role, or as a guest. */
export function mayEnter(slug: string): boolean {
  if (me.value?.kind === 'guest' || mayCreateEvents()) return true;
  return me.value?.events.some((entry) => entry.slug === slug && (entry.registration_status === 'confirmed' || entry.roles.length > 0)) ?? false;
}

/** Organizers of the whole installation may create events. */
export const mayCreateEvents = (): boolean => me.value?.may_create_events ?? false;
