import { language } from '../texts/catalog';

// Creating an Intl format costs far more than using one; a page shows hundreds of times.
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language.value} ${zone ?? ''} ${name}`;
  let found = formats.get(key);
  if (!found) {
    const tag = language.value === 'en' ? englishVariant() : language.value;
    found = new Intl.DateTimeFormat(tag, zone ? { ...options, timeZone: zone } : options);
    formats.set(key, found);
  }
  return found;
}

/** The reader's own variant of English for dates (en-US, en-GB …), instead of American for everyone. */
function englishVariant(): string {
  const asked = typeof navigator === 'undefined' ? [] : navigator.languages;
  return asked.find((tag) => /^en(-|$)/i.test(tag)) ?? 'en-GB';
}

/** "10:30" */
export const timeOfDay = (at: number, zone?: string): string =>
  format('time', zone, { timeStyle: 'short' }).format(at);

/** "10:30 – 11:15", also past midnight: a range would then be written out with both dates. */
export function timeRange(from: number, until: number, zone: string): string {
  const clock = format('time', zone, { timeStyle: 'short' });
  if (calendarDay(from, zone) === calendarDay(until, zone)) return clock.formatRange(from, until);
  // With the dash of a range within a day, which has spaces in some languages only.
  const dash = clock.formatRangeToParts(from, from + 60_000).find(({ type, source, value }) => type === 'literal' && source === 'shared' && value.includes('–'));
  return [timeOfDay(from, zone), timeOfDay(until, zone)].join(dash?.value ?? ' – ');
}

/** "Wednesday, 21 August" */
export const longDay = (at: number, zone?: string): string =>
  format('longDay', zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(at);

/** "Wed, 21 Aug" */
export const shortDay = (at: number, zone?: string): string =>
  format('shortDay', zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(at);

/** "Wed" */
export const weekday = (at: number, zone?: string): string => format('weekday', zone, { weekday: 'short' }).format(at);

/** "21 Aug 2019, 10:30" */
export const dateAndTime = (at: number, zone?: string): string =>
  format('dateAndTime', zone, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

/** "21 – 25 August 2019" */
export const dateRange = (from: number, until: number, zone?: string): string =>
  format('date', zone, { day: 'numeric', month: 'long', year: 'numeric' }).formatRange(from, until);

/** "Europe/Berlin (CEST)"-like short name of a zone at a moment: "GMT+2". */
export function zoneName(zone: string | undefined, at: number): string {
  const parts = format('zone', zone, { timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone ?? '';
}

/** "21 Aug 2019, 10:30 GMT+2" */
export const momentText = (at: number, zone: string): string => `${dateAndTime(at, zone)} ${zoneName(zone, at)}`;

/** The reader's own time zone. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

// A day begins at a full quarter of an hour in every zone: all moments of a quarter share their day.
const quarter = 900_000;
const days = new Map<string, string>();

/** The calendar day in a zone as "2019-08-21": for grouping, not for display. Called very often in a long room. */
export function calendarDay(at: number, zone: string): string {
  const key = `${Math.floor(at / quarter)} ${zone}`;
  let day = days.get(key);
  if (day === undefined) {
    let found = formats.get(`day ${zone}`);
    if (!found) {
      found = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
      formats.set(`day ${zone}`, found);
    }
    day = found.format(at);
    if (days.size > 5000) days.clear();
    days.set(key, day);
  }
  return day;
}

/** Name of a language by its code, in the current language: "en" → "English". */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(language.value, { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
