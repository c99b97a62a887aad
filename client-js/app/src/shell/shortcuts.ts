import { useEffect } from 'preact/hooks';
import { currentDialog, openDialog } from '../ui/dialogs';
import { navigate } from '../lib/router';
import type { EventStore } from '../hub/event';
import { singleKeys } from '../lib/preferences';

const places: Readonly<Record<string, string>> = { l: 'lobby', a: 'agenda', m: 'messages', p: 'people' };

/** Single keys mean something only where nothing is being written or chosen. */
const takesKeys = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, dialog, [role="menu"], [contenteditable]') !== null;

/** The event's shortcuts: `?` for help, `g` and a letter for a place, `c` for the composer. */
export function useShortcuts(store: EventStore): void {
  useEffect(() => {
    let going = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (singleKeys.value === 'off' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || currentDialog.value || takesKeys(event.target)) return;
      const place = event.timeStamp - going < 1500 ? places[event.key] : undefined;
      going = 0;
      if (place) navigate(store.link(place));
      else if (event.key === '?') openDialog({ kind: 'keys' });
      else if (event.key === 'c') document.querySelector<HTMLElement>('.composer-input')?.focus();
      else {
        if (event.key === 'g') going = event.timeStamp;
        return;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [store]);
}
