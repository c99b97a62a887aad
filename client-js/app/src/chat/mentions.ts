import type { Card } from 'plenary-client/rest';
import { plain } from '../lib/plain';

/** An `@name` being typed: where it begins, and the typed part of the name. */
export interface MentionQuery {
  from: number;
  text: string;
}

/** The mention being typed at the cursor, if any: an @ at the start of a word, and at most two words after it. */
export function mentionAt(text: string, cursor: number): MentionQuery | undefined {
  const before = text.slice(0, cursor);
  const found = /(?:^|[\s(])@([^\s@]{0,30}(?: [^\s@]{0,30})?)$/u.exec(before);
  if (!found) return undefined;
  return { from: cursor - found[1]!.length - 1, text: found[1]! };
}

/** The text with the mention completed, and the new cursor position. */
export function completeMention(text: string, query: MentionQuery, cursor: number, name: string): { text: string; cursor: number } {
  const inserted = `@${name} `;
  return { text: text.slice(0, query.from) + inserted + text.slice(cursor).replace(/^ /, ''), cursor: query.from + inserted.length };
}

/** People whose name has a word that begins with what was typed; most recent speakers first. */
export function suggestions(people: readonly Card[], typed: string, most = 6): Card[] {
  const wanted = plain(typed);
  return people
    .filter((person) => {
      const name = plain(person.name);
      return name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted));
    })
    .slice(0, most);
}

/** Ids of the chosen people whose `@Name` is still in the text; the hub accepts at most ten. */
export function mentionedIn(text: string, chosen: readonly Card[]): string[] {
  const ids = chosen.filter((person) => text.includes(`@${person.name}`)).map((person) => person.id);
  return [...new Set(ids)].slice(0, 10);
}
