/** A number, or null for an empty field. */
export function numberOrNull(data: FormData, name: string): number | null {
  const text = String(data.get(name) ?? '').trim();
  return text === '' ? null : Number(text);
}
