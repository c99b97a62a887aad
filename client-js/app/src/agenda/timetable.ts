import type { RoomId, Session } from 'plenary-client/rest';

/** A session's place in the grid; lines are counted from 1 as CSS does. */
export interface Cell {
  session: Session;
  column: number;
  rowStart: number;
  rowEnd: number;
}

export interface TimetableRoom {
  /** undefined: sessions without a room. */
  id: RoomId | undefined;
  /** First column, and the number of columns: overlapping sessions of one room are side by side. */
  column: number;
  lanes: number;
}

export interface Timetable {
  rooms: TimetableRoom[];
  columns: number;
  /** Every moment at which a session starts or ends; row n is between moments n and n + 1. */
  moments: number[];
  /** Height of each row in minutes of the programme, with long pauses shortened. */
  rowMinutes: number[];
  cells: Cell[];
}

const minute = 60_000;
/** A pause in all rooms longer than this is drawn no higher. */
const longestRow = 45;

/** Puts overlapping sessions of one room into lanes: each takes the first lane that is free at its start. */
function lanesOf(sessions: readonly Session[]): { lane: number; session: Session }[] {
  const freeAt: number[] = [];
  return sessions.map((session) => {
    let lane = freeAt.findIndex((until) => until <= session.starts_at);
    if (lane < 0) lane = freeAt.length;
    freeAt[lane] = session.ends_at;
    return { lane, session };
  });
}

/** Arranges one day's sessions (ordered by start) as a grid of rooms by time. */
export function arrangeTimetable(sessions: readonly Session[], roomOrder: readonly RoomId[]): Timetable {
  const moments = [...new Set(sessions.flatMap((session) => [session.starts_at, session.ends_at]))].sort((a, b) => a - b);
  const line = new Map(moments.map((moment, position) => [moment, position + 1]));
  const used = new Set(sessions.map((session) => session.room ?? undefined));
  const order: (RoomId | undefined)[] = roomOrder.filter((room) => used.has(room));
  for (const room of used) if (!order.includes(room)) order.push(room);

  const rooms: TimetableRoom[] = [];
  const cells: Cell[] = [];
  let column = 1;
  for (const id of order) {
    const placed = lanesOf(sessions.filter((session) => (session.room ?? undefined) === id));
    const lanes = Math.max(1, ...placed.map(({ lane }) => lane + 1));
    rooms.push({ id, column, lanes });
    for (const { lane, session } of placed) {
      const rowStart = line.get(session.starts_at)!;
      cells.push({ session, column: column + lane, rowStart, rowEnd: Math.max(rowStart + 1, line.get(session.ends_at)!) });
    }
    column += lanes;
  }

  const rowMinutes = moments.slice(1).map((moment, position) => {
    const length = (moment - moments[position]!) / minute;
    const from = moments[position]!;
    const busy = sessions.some((session) => session.starts_at <= from && session.ends_at > from);
    return busy ? Math.min(length, 180) : Math.min(length, longestRow);
  });
  return { rooms, columns: column - 1, moments, rowMinutes, cells };
}
