import { useEffect } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import { live } from '../hub/live';
import type { Talk } from './talk';

interface Reading {
  /** How many messages arrived below the visible ones. */
  missed: Signal<number>;
  /** The "new messages" line has been reached once. */
  seenNew: Signal<boolean>;
}

/**
 * Maintains the read pointer and the "new messages" line: messages that arrive at the visible end count as read; a
 * reader who is further up, or in another tab, finds the line where they left off.
 */
export function useReading({ view }: Talk, atEnd: Signal<boolean>): Reading {
  const missed = useSignal(0);
  const seenNew = useSignal(false);
  const channel = view.channel.value;

  useEffect(() => {
    if (!channel) return;
    const reads = (): boolean => atEnd.peek() && document.visibilityState === 'visible';
    const markRead = (): void => {
      if (!reads()) return;
      missed.value = 0;
      channel.read();
    };
    const stop = view.onMessage((message) => {
      const own = message.sender.id === live.value?.hello.value?.person.id;
      if (own || reads()) {
        if (own) view.readOnEntry.value = undefined;
        if (reads()) channel.read();
        return;
      }
      // The first missed message sets the line after what was read before it.
      if (missed.value === 0) {
        view.readOnEntry.value = message.seq - 1;
        seenNew.value = false;
      }
      missed.value++;
    });
    const followEnd = atEnd.subscribe((there) => {
      if (!there) return;
      seenNew.value = seenNew.value || missed.value > 0;
      markRead();
      // Back at the newest: older pages beyond the window can be dropped.
      channel.trim();
    });
    document.addEventListener('visibilitychange', markRead);
    markRead();
    return () => {
      stop();
      followEnd();
      document.removeEventListener('visibilitychange', markRead);
    };
  }, [channel]);

  return { missed, seenNew };
}
