import type { EventStore } from '../hub/event';
import { singleKeys } from '../lib/preferences';
import { currentDialog } from './dialogs';
import type { Key } from './manifest';
import { keys } from './registry';

/** How long after the first key the second of a sequence counts, in milliseconds. */
const pause = 1500;

/** Single keys work only where nothing is being typed or selected. */
const takesKeys = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, dialog, [role="menu"], [contenteditable]') !== null;

/** Listens for the shortcuts of all capabilities: one key, or a sequence of two. */
export function listenForShortcuts(store: EventStore, signal: AbortSignal): void {
  let first: { key: string; at: number } | undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (singleKeys.value === 'off' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || currentDialog.value || takesKeys(event.target)) return;
    const before = first && event.timeStamp - first.at < pause ? first.key : undefined;
    first = undefined;
    const known = keys();
    const pressed = (...wanted: string[]): Key | undefined => known.find((key) => key.keys.length === wanted.length && key.keys.every((name, place) => name === wanted[place]));
    const found = (before !== undefined && pressed(before, event.key)) || pressed(event.key);
    if (found) {
      event.preventDefault();
      found.run(store);
    } else if (known.some((key) => key.keys.length === 2 && key.keys[0] === event.key)) first = { key: event.key, at: event.timeStamp };
  };
  document.addEventListener('keydown', onKeyDown, { signal });
}
