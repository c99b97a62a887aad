import { describe, expect, it } from 'vitest';
import { banText } from '../src/ui/ban';

const until = Date.parse('2027-06-04T09:00:00Z');

describe('what a banned person reads', () => {
  it('names the place, the end in a named zone, and the reason', () => {
    const text = banText({ reason: 'Too loud', until }, 'Main hall', 'Europe/Berlin');
    expect(text).toMatch(/^The moderators have banned you from Main hall until .*2027.* (GMT\+2|CEST)\. Reason: Too loud$/);
  });

  it('says no more than there is', () => {
    expect(banText({ reason: undefined, until: undefined }, undefined, 'UTC')).toBe('The moderators have banned you from this event.');
  });
});
