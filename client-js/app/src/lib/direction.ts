/** Whether the current language is written from right to left. */
export const isRightToLeft = (): boolean => document.documentElement.dir === 'rtl';

/** The arrow keys along the reading direction. */
export const lineKeys = (): { next: string; previous: string } =>
  isRightToLeft() ? { next: 'ArrowLeft', previous: 'ArrowRight' } : { next: 'ArrowRight', previous: 'ArrowLeft' };
