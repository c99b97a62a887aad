/** The remaining time, split into what a countdown shows. */
export interface Countdown {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** From `now` until `at`, both in milliseconds; never negative. Seconds are rounded up, so that 0 means "now". */
export function countdown(now: number, at: number): Countdown {
  const total = Math.max(0, Math.ceil((at - now) / 1000));
  return {
    days: Math.floor(total / 86_400),
    hours: Math.floor((total % 86_400) / 3600),
    minutes: Math.floor((total % 3600) / 60),
    seconds: total % 60,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** "4:05" below an hour, "1:04:05" below a day. Longer waits are put into words by the caller. */
export function clockText({ days, hours, minutes, seconds }: Countdown): string {
  const allHours = days * 24 + hours;
  return allHours ? `${allHours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
