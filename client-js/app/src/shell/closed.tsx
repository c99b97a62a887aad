import { useEffect } from 'preact/hooks';
import { ownBan } from '../hub/bans';
import { hubTime } from '../hub/clock';
import { live } from '../hub/live';
import { banText } from '../ui/ban';
import { problemText } from '../ui/empty';

/** Within how many milliseconds those who were banned come back. */
const comingBack = 2000;
/** What timers can wait, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Why the hub has closed the connection; the pages stay readable. */
export default function Closed() {
  const current = live.value;
  const state = current?.connection.value;
  const ban = ownBan();
  const until = ban?.until;
  useEffect(() => {
    // A ban that ends lets one in again, those who wait not all at once.
    const wait = until === undefined ? Infinity : Math.max(0, until - hubTime()) + Math.random() * comingBack;
    if (wait > longestTimer) return;
    const timer = setTimeout(() => current?.connect(), wait);
    return () => clearTimeout(timer);
  }, [current, until]);
  if (!current || state?.status !== 'closed') return null;
  return (
    <p class="banner" role="alert">
      {ban ? banText(ban, current.store.event.value?.title, current.store.zone.value) : problemText({ code: state.reason, message: state.message })}
    </p>
  );
}
