import type { Sanction } from 'plenary-client/rest';
import { live } from '../hub/live';
import { now } from '../hub/clock';
import type { Talk } from './talk';

/** Why nothing can be written: also the time-out itself. */
export type Obstacle = 'banned' | 'read-only' | 'locked' | Sanction;

/** What keeps one from writing here now; undefined if nothing does. */
export function obstacleTo(talk: Talk): Obstacle | undefined {
  const current = live.value;
  if (!current) return undefined;
  if (current.standing.value.some((sanction) => sanction.kind === 'ban' && !sanction.room)) return 'banned';
  if (current.readOnly.value) return 'read-only';
  // One without a room holds everywhere, in conversations too.
  const timeOut = current.standing.value.find(
    (sanction) => sanction.kind === 'time_out' && (!sanction.room || sanction.room === talk.room) && (sanction.expires_at ?? Infinity) > now.value,
  );
  if (timeOut) return timeOut;
  return talk.view.state.value?.room_switches?.locked && !talk.moderator ? 'locked' : undefined;
}
