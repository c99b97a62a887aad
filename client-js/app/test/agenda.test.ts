import { describe, expect, it } from 'vitest';
import { comingUp, dayOf, indexAgenda, onNow, progress } from '../src/agenda/arrange';
import { chosenSessions, daysOf, momentShown, openingDay, slotsOf } from '../src/agenda/choose';
import { arrangeTimetable } from '../src/agenda/timetable';
import { zoneName } from '../src/lib/format';
import type { Agenda, Session } from 'plenary-client/rest';

const at = (text: string): number => Date.parse(`2019-08-21T${text}:00+02:00`);

function session(id: string, from: string, until: string, more: Partial<Session> = {}): Session {
  return { id, guid: id, title: id, starts_at: at(from), ends_at: at(until), state: 'scheduled', speakers: [], room: 'curie', ...more };
}

function agenda(sessions: Session[]): Agenda {
  return {
    version: 1,
    time_zone: 'Europe/Berlin',
    days: [],
    rooms: [
      { id: 'curie', name: 'Curie' },
      { id: 'meitner', name: 'Meitner' },
    ],
    tracks: [{ id: 'security', name: 'Security' }],
    sessions,
    speakers: [{ id: 'cafe', name: 'Zoë Café' }],
  };
}

const everything = { search: '', rooms: new Set<string>(), tracks: new Set<string>() };
const ids = (sessions: readonly Session[]): string[] => sessions.map(({ id }) => id);

describe('what is on', () => {
  const index = indexAgenda(agenda([session('late', '12:00', '13:00', { room: 'meitner' }), session('early', '11:00', '12:00'), session('off', '11:00', '12:00', { state: 'cancelled', room: 'meitner' })]));

  it('begins with the start and ends before the end', () => {
    expect(ids(onNow(index, at('11:00')))).toEqual(['early']);
    expect(ids(onNow(index, at('12:00')))).toEqual(['late']);
    expect(onNow(index, at('13:00'))).toEqual([]);
  });

  it('leaves out cancelled sessions and other rooms', () => {
    expect(onNow(index, at('11:30'), 'meitner')).toEqual([]);
    expect(ids(comingUp(index, at('10:00'), 5))).toEqual(['early', 'late']);
    expect(ids(comingUp(index, at('10:00'), 1, 'meitner'))).toEqual(['late']);
  });

  it('knows the progress of a session', () => {
    const early = index.sessions.get('early')!;
    expect([progress(early, at('10:00')), progress(early, at('11:30')), progress(early, at('14:00'))]).toEqual([0, 0.5, 1]);
  });
});

describe('days', () => {
  it('count sessions after midnight as part of the evening before', () => {
    expect(dayOf(Date.parse('2019-08-22T01:00:00+02:00'), 'Europe/Berlin')).toBe('2019-08-21');
    expect(dayOf(Date.parse('2019-08-22T04:00:00+02:00'), 'Europe/Berlin')).toBe('2019-08-22');
  });

  it('follow the time zone that is shown', () => {
    const evening = [session('evening', '23:00', '23:30')];
    expect(daysOf(evening, 'Europe/Berlin')).toEqual(['2019-08-21']);
    expect(daysOf(evening, 'Asia/Tokyo')).toEqual(['2019-08-22']);
  });

  it('start with today, otherwise with the first', () => {
    const days = ['2019-08-21', '2019-08-22'];
    expect(openingDay(days, Date.parse('2019-08-22T12:00:00Z'), 'UTC')).toBe('2019-08-22');
    expect(openingDay(days, Date.parse('2026-01-01T12:00:00Z'), 'UTC')).toBe('2019-08-21');
    expect(openingDay([], 0, 'UTC')).toBeUndefined();
  });

  it('name the zone as it is called on the day that is shown', () => {
    const zone = 'Europe/Berlin';
    const days = ['2019-10-26', '2019-10-28'];
    const sessions = days.map((day) => ({ ...session(day, '10:00', '11:00'), starts_at: Date.parse(`${day}T10:00:00Z`) }));
    const nameOn = (chosen: string | undefined, sessions: Session[], now = '2019-10-01'): string =>
      zoneName(zone, momentShown(indexAgenda(agenda(sessions)), chosen, Date.parse(`${now}T10:00:00Z`), zone));
    expect(days.map((day) => nameOn(day, sessions))).toEqual(['CEST', 'CET']);
    expect(nameOn(undefined, sessions)).toBe('CEST');
    expect([nameOn(undefined, [], '2019-10-01'), nameOn(undefined, [], '2019-11-01')]).toEqual(['CEST', 'CET']);
  });
});

describe('search and filters', () => {
  const index = indexAgenda(
    agenda([
      session('Über Sicherheit', '11:00', '12:00', { speakers: ['cafe'], track: 'security' }),
      session('Opening', '10:00', '11:00', { abstract: 'A hearty welcome', room: 'meitner' }),
    ]),
  );

  it('finds words in any order, without accents or case, in title, text, track and names', () => {
    expect(ids(chosenSessions(index, { ...everything, search: 'SICHERHEIT uber' }))).toEqual(['Über Sicherheit']);
    expect(ids(chosenSessions(index, { ...everything, search: 'zoe' }))).toEqual(['Über Sicherheit']);
    expect(ids(chosenSessions(index, { ...everything, search: 'welcome' }))).toEqual(['Opening']);
    expect(chosenSessions(index, { ...everything, search: 'welcome zoe' })).toEqual([]);
  });

  it('narrows by room, track and stars together', () => {
    expect(ids(chosenSessions(index, { ...everything, rooms: new Set(['meitner']) }))).toEqual(['Opening']);
    expect(ids(chosenSessions(index, { ...everything, tracks: new Set(['security']) }))).toEqual(['Über Sicherheit']);
    expect(chosenSessions(index, { ...everything, tracks: new Set(['security']), only: new Set(['Opening']) })).toEqual([]);
    expect(chosenSessions(index, { ...everything, only: new Set() })).toEqual([]);
  });

  it('groups by start, in the order of the rooms', () => {
    const sameTime = indexAgenda(agenda([session('b', '11:00', '12:00', { room: 'meitner' }), session('a', '11:00', '12:00'), session('c', '12:00', '13:00')]));
    expect(slotsOf(sameTime.ordered).map((slot) => ids(slot.sessions))).toEqual([['a', 'b'], ['c']]);
  });
});

describe('timetable', () => {
  it('gives each room its columns and overlapping sessions their lanes', () => {
    const sessions = indexAgenda(agenda([session('a', '11:00', '12:00'), session('b', '11:30', '12:30'), session('c', '12:00', '13:00'), session('d', '11:00', '13:00', { room: 'meitner' })])).ordered;
    const table = arrangeTimetable(sessions, ['curie', 'meitner']);
    expect(table.rooms).toEqual([
      { id: 'curie', column: 1, lanes: 2 },
      { id: 'meitner', column: 3, lanes: 1 },
    ]);
    const place = Object.fromEntries(table.cells.map((cell) => [cell.session.id, [cell.column, cell.rowStart, cell.rowEnd]]));
    expect(place).toEqual({ a: [1, 1, 3], b: [2, 2, 4], c: [1, 3, 5], d: [3, 1, 5] });
  });

  it('leaves out rooms without sessions, keeps sessions without a room, and shortens long pauses', () => {
    const sessions = [session('a', '09:00', '10:00', { room: undefined }), session('b', '20:00', '21:00', { room: 'meitner' })];
    const table = arrangeTimetable(sessions, ['curie', 'meitner']);
    expect(table.rooms.map((room) => room.id)).toEqual(['meitner', undefined]);
    expect(table.rowMinutes).toEqual([60, 45, 60]);
  });

  it('is empty for an empty day', () => {
    expect(arrangeTimetable([], ['curie'])).toEqual({ rooms: [], columns: 0, moments: [], rowMinutes: [], cells: [] });
  });
});
