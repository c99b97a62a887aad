/** A moment as the wall clock of a zone shows it, in the form of `<input type="datetime-local">`: "2019-08-21T10:00". */
export function toWallClock(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((found) => found.type === type)?.value ?? '00';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * The moment at which the wall clock of a zone shows this; undefined for an invalid date. A time skipped by a change
 * to summer time becomes the one an hour later, one that occurs twice its first occurrence.
 */
export function fromWallClock(text: string, zone: string): number | undefined {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return undefined;
  const offsetAt = (at: number): number => Date.parse(`${toWallClock(at, zone)}Z`) - at;
  // The offsets of the day before and after: at least one of them applies at that moment.
  const day = 86_400_000;
  const before = wanted - offsetAt(wanted - day);
  const after = wanted - offsetAt(wanted + day);
  for (const candidate of [Math.min(before, after), Math.max(before, after)]) {
    if (toWallClock(candidate, zone) === text.slice(0, 16)) return candidate;
  }
  return before;
}
