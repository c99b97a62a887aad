/** An `@name` being typed: where it begins, and the typed part of the name. */
export interface MentionQuery {
  from: number;
  text: string;
}

/** Somebody who was chosen, and where their `@Name` stands. Only these words mention them, whoever else has the name. */
export interface Chosen {
  id: string;
  name: string;
  from: number;
}

/** The hub accepts no more. */
const most = 10;

/** The mention being typed at the cursor, if any: an @ at the start of a word, and at most two words after it. */
export function mentionAt(text: string, cursor: number): MentionQuery | undefined {
  const before = text.slice(0, cursor);
  const found = /(?:^|[\s(])@([^\s@]{0,30}(?: [^\s@]{0,30})?)$/u.exec(before);
  if (!found) return undefined;
  return { from: cursor - found[1]!.length - 1, text: found[1]! };
}

/** Ids of the people whom a text mentions, and of `others` whose words are not known. */
export const mentioned = (chosen: readonly Chosen[], others: readonly string[] = []): string[] =>
  [...new Set([...chosen.map(({ id }) => id), ...others])].slice(0, most);
