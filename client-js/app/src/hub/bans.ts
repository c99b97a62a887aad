import type { RoomId } from 'plenary-client/rest';
import { live } from './live';

/** What a banned person is told. */
export interface Ban {
  /** In the moderators' words. */
  reason: string | undefined;
  /** When it ends by itself. */
  until: number | undefined;
}

/** The ban from a room, or without one from the whole event: as it was told, or what the connection was refused with. */
export function ownBan(room?: RoomId): Ban | undefined {
  const current = live.value;
  const state = current?.connection.value;
  const ban = current?.standing.value.find((sanction) => sanction.kind === 'ban' && (!sanction.room || sanction.room === room));
  if (ban) return { reason: ban.reason, until: ban.expires_at };
  if (state?.status !== 'closed' || state.reason !== 'moderation.banned') return undefined;
  return { reason: state.refusal?.reason, until: state.refusal?.until };
}
