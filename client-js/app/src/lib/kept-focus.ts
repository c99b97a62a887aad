import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Keeps the focus in a list whose entries change places or go: an element that is moved in the page loses it. Where the
 * focused element is gone, `instead` gets it.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, instead?: () => HTMLElement | null | undefined): void {
  const focused = document.activeElement;
  const before = focused instanceof HTMLElement && list.current?.contains(focused) ? focused : undefined;
  useLayoutEffect(() => {
    if (!before || document.activeElement !== document.body) return;
    (before.isConnected ? before : instead?.())?.focus({ preventScroll: true });
  });
}
