import type { Card } from 'plenary-client/rest';
import type { Chosen, MentionQuery } from './mentions';

/** The text with the mention completed, and the new cursor position. */
export function completeMention(text: string, query: MentionQuery, cursor: number, name: string): { text: string; cursor: number } {
  const inserted = `@${name} `;
  return { text: text.slice(0, query.from) + inserted + text.slice(cursor).replace(/^ /, ''), cursor: query.from + inserted.length };
}

/** Those of the chosen whose words a change of the text has left alone. It ended at the cursor, where there is one. */
export function stillChosen(chosen: readonly Chosen[], before: string, after: string, cursor = 0): Chosen[] {
  if (!chosen.length || before === after) return [...chosen];
  const tail = before.endsWith(after.slice(cursor)) ? after.length - cursor : 0;
  const shorter = Math.min(before.length, after.length) - tail;
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  return chosen.flatMap((one) => {
    if (one.from + one.name.length + 1 <= same) return [one];
    return one.from >= before.length - tail ? [{ ...one, from: one.from + after.length - before.length }] : [];
  });
}

/** Where a message that is edited mentions people whose names are known. */
export function chosenIn(text: string, ids: readonly string[], people: readonly Card[]): Chosen[] {
  const found: Chosen[] = [];
  for (const { id, name } of people) {
    if (!ids.includes(id) || found.some((one) => one.id === id)) continue;
    let from = text.indexOf(`@${name}`);
    while (found.some((one) => one.from === from)) from = text.indexOf(`@${name}`, from + 1);
    if (from >= 0) found.push({ id, name, from });
  }
  return found;
}
