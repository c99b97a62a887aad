import type { Agenda, RoomId, Session, SessionId, Speaker, SpeakerId, Track, TrackId } from 'plenary-client/rest';
import { calendarDay } from '../lib/format';

/** An agenda with its parts indexed by id. */
export interface IndexedAgenda {
  agenda: Agenda;
  sessions: ReadonlyMap<SessionId, Session>;
  tracks: ReadonlyMap<TrackId, Track>;
  speakers: ReadonlyMap<SpeakerId, Speaker>;
  roomNames: ReadonlyMap<RoomId, string>;
  /** By start, then by the rooms' order, then by title. */
  ordered: readonly Session[];
}

export function indexAgenda(agenda: Agenda): IndexedAgenda {
  const roomOrder = new Map(agenda.rooms.map((room, position) => [room.id, position]));
  const position = (session: Session): number => (session.room ? (roomOrder.get(session.room) ?? 999) : 999);
  return {
    agenda,
    sessions: new Map(agenda.sessions.map((session) => [session.id, session])),
    tracks: new Map(agenda.tracks.map((track) => [track.id, track])),
    speakers: new Map(agenda.speakers.map((speaker) => [speaker.id, speaker])),
    roomNames: new Map(agenda.rooms.map((room) => [room.id, room.name])),
    ordered: agenda.sessions.toSorted(
      (a, b) => a.starts_at - b.starts_at || position(a) - position(b) || a.title.localeCompare(b.title),
    ),
  };
}

export const speakersOf = (index: IndexedAgenda, session: Session): Speaker[] =>
  session.speakers.flatMap((id) => index.speakers.get(id) ?? []);

const isOn = (session: Session, now: number): boolean =>
  session.state === 'scheduled' && session.starts_at <= now && now < session.ends_at;

/** The sessions running at a moment, in a room or everywhere. */
export const onNow = (index: IndexedAgenda, now: number, room?: RoomId): Session[] =>
  index.ordered.filter((session) => isOn(session, now) && (room === undefined || session.room === room));

/** The next sessions, soonest first. */
export function comingUp(index: IndexedAgenda, now: number, count: number, room?: RoomId): Session[] {
  const found: Session[] = [];
  for (const session of index.ordered) {
    if (session.starts_at <= now || session.state !== 'scheduled') continue;
    if (room !== undefined && session.room !== room) continue;
    found.push(session);
    if (found.length === count) break;
  }
  return found;
}

/** How much of a session is over, from 0 to 1. */
export const progress = (session: Session, now: number): number =>
  Math.min(1, Math.max(0, (now - session.starts_at) / Math.max(1, session.ends_at - session.starts_at)));

/** A session after midnight belongs to the evening before it: a conference day ends at four in the morning. */
const dayEnds = 4 * 3_600_000;

/** The conference day of a moment, as "2019-08-21". */
export const dayOf = (at: number, zone: string): string => calendarDay(at - dayEnds, zone);
