import { now } from '../hub/clock';
import { clockText, countdown } from '../lib/countdown';
import { formatNumber, t } from '../texts';

/** From here on a wait is told by the second, in milliseconds: earlier, "22:41" would be read as a time of day. */
const byTheSecond = 10 * 60_000;

/** A wait in words ("2 days", "3 hours", "25 min"), as a clock for the last minutes. */
export function waitText(from: number, until: number): string {
  const left = countdown(from, until);
  if (left.days) return t('time.days', { count: left.days });
  if (left.hours) return t('time.hours', { count: left.hours });
  if (until - from > byTheSecond) return t('time.minutes', { count: formatNumber(left.minutes + 1) });
  return clockText(left);
}

/** Counts down to a moment. The ticking is for the eye; what is heard is the time itself, beside it. */
export function Wait({ until, within }: { until: number; /** "in 5:00" instead of "5:00". */ within?: boolean }) {
  const time = waitText(now.value, until);
  return (
    <span class="wait" aria-hidden="true">
      {within ? t('time.in', { time }) : time}
    </span>
  );
}
