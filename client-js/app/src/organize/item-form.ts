/** A number, or null for an empty field. */
export function numberOrNull(data: FormData, name: string): number | null {
  const text = String(data.get(name) ?? '').trim();
  return text === '' ? null : Number(text);
}

/** For a new item, what is empty is left out; for a change, null empties it. */
export function withoutNulls(values: Record<string, unknown>, isNew: boolean): object {
  return isNew ? Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) : values;
}
