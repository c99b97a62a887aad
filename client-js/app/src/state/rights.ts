import type { Id, Role, RoleGrant } from '../types';
import { me } from './me';

/** Roles granted to the signed-in person for an event; those for one room carry its id. */
export function rolesIn(slug: string): RoleGrant[] {
  const membership = me.value?.events.find((entry) => entry.slug === slug);
  return (membership?.roles ?? []).map((role: Role | RoleGrant) => (typeof role === 'string' ? { role } : role));
}

export const isOrganizer = (slug: string): boolean => rolesIn(slug).some(({ role, room }) => role === 'organizer' && !room);

/** For the event, or for one room of it. Organizers moderate too. */
export const isModerator = (slug: string, room?: Id): boolean =>
  rolesIn(slug).some((grant) => (grant.role === 'moderator' || grant.role === 'organizer') && (!grant.room || grant.room === room));

/** Whoever organizes one event may create another. */
export const mayCreateEvents = (): boolean => me.value?.events.some((membership) => isOrganizer(membership.slug)) ?? false;
