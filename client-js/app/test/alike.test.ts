import { expect, test } from 'vitest';
import { signal } from '@preact/signals';
import type { Card } from 'plenary-client/rest';
import { distinctions, glance, note } from '../src/people/alike';

const person = (id: string, name: string, more: Partial<Card> = {}): Card => ({ id: `0000-${id}`, name, ...more });

test('names that look alike read the same', () => {
  const names = ['Alex Kim', 'alex kim', 'AIex Kim', 'A1ex  Kim', 'Alex. Kim', 'Alex Kirn'];
  expect(new Set(names.map((name) => glance({ name }))).size).toBe(1);
  // The hub says how letters of other scripts are read.
  expect(glance({ name: 'Аlex Кim', reading: 'Alex Kirn' })).toBe(glance({ name: 'Alex Kim' }));
  expect(glance({ name: 'Alex Kim' })).not.toBe(glance({ name: 'Alex Kimball' }));
  expect(glance({ name: '王小明' })).not.toBe(glance({ name: '李小明' }));
});

test('an affiliation tells people apart only if they do not share it', () => {
  const one = person('a001', 'Alex Kim', { affiliation: 'Lyra' });
  const other = person('a002', 'Alex Kim', { affiliation: 'Vega' });
  const third = person('a003', 'Alex Kim', { affiliation: ' vega' });
  const none = person('a004', 'Alex Kim');
  expect(distinctions([one, other]).get('0000-a001')).toBe('Lyra');
  expect(Object.fromEntries(distinctions([one, other, third, none]))).toEqual({ '0000-a001': 'Lyra', '0000-a002': '#a002', '0000-a003': '#a003', '0000-a004': '#a004' });
});

test('everybody of a name is marked once a second one is seen', () => {
  const marks = signal<ReadonlyMap<string, string>>(new Map());
  note(person('b001', 'Mo Derator', { badge: 'moderator' }), marks);
  note(person('b001', 'Mo Derator', { badge: 'moderator' }), marks);
  expect(marks.value.size).toBe(0);
  note(person('b002', 'Mo  DERAT0R', { affiliation: 'Elsewhere' }), marks);
  expect(Object.fromEntries(marks.value)).toEqual({ '0000-b001': '#b001', '0000-b002': 'Elsewhere' });
});
