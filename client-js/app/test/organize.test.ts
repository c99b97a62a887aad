import { describe, expect, it } from 'vitest';
import { fromWallClock, toWallClock } from '../src/lib/zoned-time';
import { mappingPairs } from '../src/organize/columns';
import { numberOrNull } from '../src/organize/item-form';
import { differing, valueText } from '../src/organize/reports';
import { slugFrom } from '../src/lib/slug';

describe('the wall clock of a zone', () => {
  it('shows and takes the time there, in winter and in summer', () => {
    expect(toWallClock(Date.parse('2019-08-21T08:00:00Z'), 'Europe/Berlin')).toBe('2019-08-21T10:00');
    expect(fromWallClock('2019-08-21T10:00', 'Europe/Berlin')).toBe(Date.parse('2019-08-21T08:00:00Z'));
    expect(fromWallClock('2019-01-21T10:00', 'Europe/Berlin')).toBe(Date.parse('2019-01-21T09:00:00Z'));
    expect(fromWallClock('2019-08-21T10:00', 'America/St_Johns')).toBe(Date.parse('2019-08-21T12:30:00Z'));
  });

  it('round-trips throughout the days of the change', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
      for (let at = Date.parse('2024-03-09T00:00Z'); at < Date.parse('2024-04-08T00:00Z'); at += 5_400_000) {
        const text = toWallClock(at, zone);
        const back = fromWallClock(text, zone)!;
        expect(toWallClock(back, zone), `${zone} ${text}`).toBe(text);
      }
    }
  });

  it('takes the first of two, and an hour later for one that does not exist', () => {
    expect(fromWallClock('2024-10-27T02:30', 'Europe/Berlin')).toBe(Date.parse('2024-10-27T00:30:00Z'));
    expect(fromWallClock('2024-03-31T02:30', 'Europe/Berlin')).toBe(Date.parse('2024-03-31T01:30:00Z'));
  });

  it('is undefined for an invalid time', () => {
    expect(fromWallClock('', 'UTC')).toBeUndefined();
    expect(fromWallClock('tomorrow', 'UTC')).toBeUndefined();
  });
});

describe('the name of an event in its address', () => {
  it('is made of its title', () => {
    expect(slugFrom('Café & Söhne 2027!')).toBe('cafe-sohne-2027');
    expect(slugFrom('  ')).toBe('');
    expect(slugFrom('x'.repeat(80))).toHaveLength(50);
  });
});

describe('a form of a list', () => {
  it('sends numbers, and for an empty field null', () => {
    const data = new FormData();
    data.set('quota', '30');
    data.set('capacity', ' ');
    expect([numberOrNull(data, 'quota'), numberOrNull(data, 'capacity'), numberOrNull(data, 'missing')]).toEqual([30, null, null]);
  });
});

describe('the report of an import', () => {
  const time = (at: number): string => `at ${at}`;
  it('names what differs', () => {
    expect(differing({ before: { room: 'A', starts_at: 1, same: 2 }, after: { room: 'B', starts_at: 1, same: 2, title: 'new' } })).toEqual(['room', 'title']);
    expect(differing({ before: { speakers: ['a'] }, after: { speakers: ['a'] } })).toEqual([]);
  });

  it('writes values for people', () => {
    expect(valueText('starts_at', 5, time)).toBe('at 5');
    expect(valueText('speakers', ['a', 'b'], time)).toBe('a, b');
    expect([valueText('room', null, time), valueText('room', undefined, time), valueText('room', '', time), valueText('speakers', [], time)]).toEqual(['–', '–', '–', '–']);
  });
});

describe('the columns of a table', () => {
  it('are sent to the hub only where its match is overridden', () => {
    expect(mappingPairs(new Map([['Wer', 'name'], ['X', ''], ['Y&Z', '-']]))).toEqual(['Wer=name', 'Y&Z=-']);
    expect(mappingPairs(new Map())).toEqual([]);
  });
});
