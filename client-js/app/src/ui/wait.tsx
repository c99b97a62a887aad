import { now } from '../hub/clock';
import { clockText, countdown } from '../lib/countdown';
import { formatNumber, t } from '../texts';

/** Below this, a wait is shown by the second, in milliseconds: above, "22:41" would look like a time of day. */
const byTheSecond = 10 * 60_000;

/** A wait in words ("2 days", "3 hours", "25 min"), as a clock for the last minutes. */
export function waitText(from: number, until: number): string {
  const left = countdown(from, until);
  if (left.days) return t('time.days', { count: left.days });
  if (left.hours) return t('time.hours', { count: left.hours });
  if (until - from > byTheSecond) return t('time.minutes', { count: formatNumber(Math.ceil((until - from) / 60_000)) });
  return clockText(left);
}

/** The same in words, changing once a minute at most: heard every second it would be noise. */
export function spokenWait(from: number, until: number): string {
  const left = countdown(from, until);
  return left.days || left.hours ? waitText(from, until) : t('time.minutesLong', { count: left.minutes + (left.seconds ? 1 : 0) });
}

/** Counts down to a moment, for the eye in figures and for the ear in words. */
export function Wait({ until, within }: { until: number; /** "in 5:00" instead of "5:00". */ within?: boolean }) {
  const put = (time: string): string => (within ? t('time.in', { time }) : time);
  return (
    <>
      <span class="wait" aria-hidden="true">
        {put(waitText(now.value, until))}
      </span>
      <span class="visually-hidden">{put(spokenWait(now.value, until))}</span>
    </>
  );
}
