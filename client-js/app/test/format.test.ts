import { afterAll, describe, expect, it, vi } from 'vitest';
import { timeOfDay, timeRange } from '../src/lib/format';
import { language } from '../src/texts';

const six = Date.UTC(2027, 4, 3, 18);
const hour = 3_600_000;

afterAll(() => void vi.unstubAllGlobals());

describe('times of day', () => {
  // Each with its own zone: formats are cached by language, zone and kind.
  it.each([
    ['en-US', 'en', 'America/Chicago', '1:00 PM', /^1:00\s–\s2:00\sPM$/],
    ['en-GB', 'en', 'Europe/London', '19:00', /^19:00\s?–\s?20:00$/],
    ['de-DE', 'de', 'Europe/Berlin', '20:00', /^20:00\s?–\s?21:00 Uhr$/],
  ])('are written alike alone and in a range: %s', (tag, shown, zone, alone, range) => {
    vi.stubGlobal('navigator', { languages: [tag] });
    language.value = shown;
    expect(timeOfDay(six, zone).replace(/\s/g, ' ')).toBe(alone);
    expect(timeRange(six, six + hour, zone)).toMatch(range);
  });
});
