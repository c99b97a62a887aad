import { describe, expect, it } from 'vitest';
import { fittedSize } from '../src/account/scaled-picture';

describe('the size of a picture that is sent', () => {
  it('keeps the proportions and its longest side within the limit', () => {
    expect(fittedSize(6000, 4000, 768)).toEqual({ width: 768, height: 512 });
    expect(fittedSize(4000, 6000, 768)).toEqual({ width: 512, height: 768 });
  });

  it('enlarges nothing, and lets nothing vanish', () => {
    expect(fittedSize(100, 50, 768)).toEqual({ width: 100, height: 50 });
    expect(fittedSize(20_000, 4, 768)).toEqual({ width: 768, height: 1 });
  });
});
