import type { RoomId, Session, SessionId, TrackId } from 'plenary-client/rest';
import { plain } from '../lib/plain';
import { dayOf, speakersOf, type IndexedAgenda } from './arrange';

/** The reader's filters. */
export interface Choice {
  search: string;
  rooms: ReadonlySet<RoomId>;
  tracks: ReadonlySet<TrackId>;
  /** Only these sessions (the starred ones); undefined: all. */
  only?: ReadonlySet<SessionId> | undefined;
}

function searchable(index: IndexedAgenda, session: Session): string {
  const track = session.track ? index.tracks.get(session.track)?.name : undefined;
  const names = speakersOf(index, session).map((speaker) => speaker.name);
  return plain([session.title, session.subtitle, session.abstract, track, session.kind, ...names].filter(Boolean).join('\n'));
}

/** The sessions that match the filters; every word of the search must occur somewhere. */
export function chosenSessions(index: IndexedAgenda, choice: Choice): Session[] {
  const words = plain(choice.search).split(/\s+/).filter(Boolean);
  return index.ordered.filter((session) => {
    if (choice.only && !choice.only.has(session.id)) return false;
    if (choice.rooms.size && !(session.room && choice.rooms.has(session.room))) return false;
    if (choice.tracks.size && !(session.track && choice.tracks.has(session.track))) return false;
    if (!words.length) return true;
    const text = searchable(index, session);
    return words.every((word) => text.includes(word));
  });
}

/** Sessions that start together. */
export interface Slot {
  starts_at: number;
  sessions: Session[];
}

/** Sessions in their order, split where the start changes. */
export function slotsOf(sessions: readonly Session[]): Slot[] {
  const slots: Slot[] = [];
  for (const session of sessions) {
    const last = slots.at(-1);
    if (last && last.starts_at === session.starts_at) last.sessions.push(session);
    else slots.push({ starts_at: session.starts_at, sessions: [session] });
  }
  return slots;
}

/** The days with sessions, in a zone, in order. */
export const daysOf = (sessions: readonly Session[], zone: string): string[] =>
  [...new Set(sessions.map((session) => dayOf(session.starts_at, zone)))].sort();

/** The initial day: today if the event is on, otherwise its first day. */
export function openingDay(days: readonly string[], now: number, zone: string): string | undefined {
  const today = dayOf(now, zone);
  return days.includes(today) ? today : days[0];
}

/** The day that is shown: the chosen one, otherwise the initial one. */
export function dayShown(index: IndexedAgenda, chosen: string | undefined, now: number, zone: string): string | undefined {
  const days = daysOf(index.ordered, zone);
  return chosen && days.includes(chosen) ? chosen : openingDay(days, now, zone);
}

/** When the shown day begins; now, if nothing is on. A zone may have another name on another day. */
export function momentShown(index: IndexedAgenda | undefined, chosen: string | undefined, now: number, zone: string): number {
  const day = index && dayShown(index, chosen, now, zone);
  return index?.ordered.find((session) => dayOf(session.starts_at, zone) === day)?.starts_at ?? now;
}

/** A moment of a day, to format the day in UTC. */
export const dayMoment = (day: string): number => Date.parse(`${day}T12:00:00Z`);
