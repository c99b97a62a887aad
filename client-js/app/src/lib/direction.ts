/** Whether the language that is shown is read from right to left. */
export const isRightToLeft = (): boolean => document.documentElement.dir === 'rtl';

/** The arrow keys that go along a line of reading. */
export const lineKeys = (): { next: string; previous: string } =>
  isRightToLeft() ? { next: 'ArrowLeft', previous: 'ArrowRight' } : { next: 'ArrowRight', previous: 'ArrowLeft' };
