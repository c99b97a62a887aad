type Value = string | number | boolean | null | readonly Value[];

/** A value of a session for display: times in the event's zone, lists with commas. */
export function valueText(name: string, value: Value | undefined, time: (at: number) => string): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number' && name.endsWith('_at')) return time(value);
  if (Array.isArray(value)) return value.map((part: Value) => valueText(name, part, time)).join(', ') || '–';
  return String(value);
}

/** Names of the values that differ, in the report's order. */
export const differing = <T extends object>({ before, after }: { before: T; after: T }): (keyof T & string)[] =>
  ([...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof T & string)[]).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
