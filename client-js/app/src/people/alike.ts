import type { Signal } from '@preact/signals';
import type { Card } from 'plenary-client/rest';

/** Beyond so many people, those seen first are forgotten. */
const most = 4000;

/** The people seen, by how their names read, each with their latest card. */
const seen = new Map<string, Map<string, Card>>();

/** How a name reads at a glance: without case, spaces and signs, and with characters that resemble each other as one. */
export function glance(person: Pick<Card, 'name' | 'reading'>): string {
  const letters = (person.reading ?? person.name).toLowerCase().replace(/[i1|!]/g, 'l').replace(/0/g, 'o').replace(/rn/g, 'm').replace(/vv/g, 'w');
  return letters.replace(/[^\p{L}\p{N}]+/gu, '');
}

/** What tells each of these people, whose names read the same, from the others: the affiliation if nobody shares it, or else a sign that stays theirs. */
export function distinctions(people: readonly Card[]): Map<string, string> {
  const shared = (person: Card): boolean => people.some((other) => other.id !== person.id && plain(other.affiliation) === plain(person.affiliation));
  return new Map(people.map((person) => [person.id, person.affiliation && !shared(person) ? person.affiliation : `#${person.id.slice(-4)}`]));
}

const plain = (text: string | undefined): string => (text ?? '').trim().toLowerCase();

/** Takes note of somebody whose name is shown, and marks them and everybody who looks the same. */
export function note(person: Card, marks: Signal<ReadonlyMap<string, string>>): void {
  const key = glance(person);
  const same = seen.get(key) ?? new Map<string, Card>();
  seen.delete(key);
  seen.set(key, same.set(person.id, person));
  if (seen.size > most) seen.delete(seen.keys().next().value!);
  if (same.size < 2) return;
  const known = marks.value;
  const changed = [...distinctions([...same.values()])].filter(([id, mark]) => known.get(id) !== mark);
  if (changed.length) marks.value = new Map([...known, ...changed]);
}
