import { describe, expect, it } from 'vitest';
import { RowHeights, type Row } from '../src/chat/virtual';

const rows = (count: number, from = 0): Row[] => Array.from({ length: count }, (_, place) => ({ key: `m${from + place}`, estimate: 20 }));

function list(count: number): RowHeights {
  const heights = new RowHeights();
  heights.setRows(rows(count));
  return heights;
}

describe('heights of rows', () => {
  it('are estimated until they are measured', () => {
    const heights = list(10);
    expect(heights.total).toBe(200);
    expect(heights.measure('m2', 50)).toBe(true);
    expect(heights.measure('m2', 50)).toBe(false);
    expect(heights.total).toBe(230);
    expect([heights.topOf(2), heights.topOf(3)]).toEqual([40, 90]);
  });

  it('ignore rows that are not in the list', () => {
    const heights = list(3);
    expect(heights.measure('m7', 50)).toBe(false);
    expect(heights.total).toBe(60);
  });

  it('are found by position, also beyond the ends', () => {
    const heights = list(10);
    heights.measure('m0', 100);
    expect([-50, 0, 99, 100, 119, 120, 5000].map((y) => heights.rowAt(y))).toEqual([0, 0, 0, 1, 1, 2, 9]);
  });

  it('agree with a plain sum, whatever was measured in any order', () => {
    const heights = list(200);
    const expected = Array.from({ length: 200 }, () => 20);
    let seed = 7;
    for (let step = 0; step < 500; step++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      const place = seed % 200;
      const height = 10 + (seed % 83);
      heights.measure(`m${place}`, height);
      expected[place] = height;
      const probe = (place * 31) % 200;
      expect(heights.topOf(probe)).toBe(expected.slice(0, probe).reduce((sum, value) => sum + value, 0));
    }
  });
});

describe('what is drawn', () => {
  it('is the visible part and a little beyond', () => {
    const heights = list(1000);
    expect(heights.visible(400, 200, 0)).toEqual({ start: 20, end: 31 });
    expect(heights.visible(400, 200, 40)).toEqual({ start: 18, end: 33 });
    expect(heights.visible(0, 200, 1000)).toEqual({ start: 0, end: 61 });
    expect(list(0).visible(0, 200, 100)).toEqual({ start: 0, end: 0 });
  });
});

describe('the anchor', () => {
  it('is the end when the end is nearly visible', () => {
    const heights = list(100);
    expect(heights.anchorAt(1800, 200)).toBe('bottom');
    expect(heights.anchorAt(1770, 200)).toBe('bottom');
    expect(heights.anchorAt(1000, 200)).toEqual({ key: 'm50', offset: 0 });
  });

  it('keeps what is read in its place when older rows come before it', () => {
    const heights = list(100);
    const anchor = heights.anchorAt(1010, 200);
    heights.setRows([...rows(50, -50), ...rows(100)]);
    expect(heights.scrollFor(anchor, 200)).toBe(1010 + 50 * 20);
  });

  it('is no row that may move when older ones arrive', () => {
    const day: Row = { key: 'day', estimate: 40, provisional: true };
    const heights = new RowHeights();
    heights.setRows([day, ...rows(100)]);
    const anchor = heights.anchorAt(0, 200);
    heights.setRows([day, ...rows(50, -50), ...rows(100)]);
    expect(heights.scrollFor(anchor, 200)).toBe(50 * 20);
  });

  it('stays in place when rows above turn out higher', () => {
    const heights = list(100);
    const anchor = heights.anchorAt(1010, 200);
    heights.measure('m3', 120);
    expect(heights.scrollFor(anchor, 200)).toBe(1110);
  });

  it('stays at the end when rows are added', () => {
    const heights = list(100);
    heights.setRows(rows(101));
    expect(heights.scrollFor('bottom', 200)).toBe(101 * 20 - 200);
    expect(list(2).scrollFor('bottom', 200)).toBe(0);
  });

  it('is dropped when its row is gone', () => {
    const heights = list(100);
    const anchor = heights.anchorAt(1000, 200);
    heights.setRows(rows(10, 500));
    expect(heights.scrollFor(anchor, 200)).toBeUndefined();
  });
});
