import type { Id, RoleGrant } from '../types';
import { me } from './me';

/** Roles granted to the signed-in person for an event; those for one room carry its id. */
export const rolesIn = (slug: string): readonly RoleGrant[] => me.value?.events.find((entry) => entry.slug === slug)?.roles ?? [];

export const isOrganizer = (slug: string): boolean => rolesIn(slug).some(({ role, room }) => role === 'organizer' && !room);

/** For the event, or for one room of it. Organizers moderate too. */
export const isModerator = (slug: string, room?: Id): boolean =>
  rolesIn(slug).some((grant) => (grant.role === 'moderator' || grant.role === 'organizer') && (!grant.room || grant.room === room));

/** Whoever may create events is told so by the hub. */
export const mayCreateEvents = (): boolean => me.value?.may_create_events ?? false;
