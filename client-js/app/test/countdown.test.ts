import { beforeAll, describe, expect, it } from 'vitest';
import { clockText, countdown } from '../src/lib/countdown';
import { pretendBrowser } from './browser-globals';
import { waitText } from '../src/ui/wait';

const second = 1000;
const hour = 3600 * second;

describe('countdown', () => {
  it('cuts the time left into days, hours, minutes and seconds', () => {
    expect(countdown(0, 26 * hour + 61 * second)).toEqual({ days: 1, hours: 2, minutes: 1, seconds: 1 });
  });

  it('never goes below zero and reaches it at the moment itself', () => {
    expect(countdown(10, 0)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
    expect(countdown(0, 1).seconds).toBe(1);
    expect(countdown(0, 60 * second)).toEqual({ days: 0, hours: 0, minutes: 1, seconds: 0 });
  });

  it('never shows more than was given', () => {
    const minute = 60 * second;
    expect([15, 20, 59].map((minutes) => waitText(0, minutes * minute))).toEqual(['15 min', '20 min', '59 min']);
    expect(waitText(0, 14.5 * minute)).toBe('15 min');
    expect(waitText(0, 5 * minute)).toBe('5:00');
  });

  it('is written as a clock', () => {
    expect(clockText(countdown(0, 245 * second))).toBe('4:05');
    expect(clockText(countdown(0, hour + 5 * second))).toBe('1:00:05');
    expect(clockText(countdown(0, 25 * hour))).toBe('25:00:00');
  });
});

describe('a wait in words', () => {
  beforeAll(pretendBrowser);

  it('is heard in whole units, and changes once a minute at most', async () => {
    const { spokenWait } = await import('../src/ui/wait');
    expect([50 * hour, 3 * hour + second, 25 * 60 * second, 245 * second, 59 * second, 1].map((left) => spokenWait(0, left))).toEqual([
      '2 days', '3 hours', '25 minutes', '5 minutes', '1 minute', '1 minute',
    ]);
  });
});
