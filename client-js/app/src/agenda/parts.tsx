import { clockText, countdown } from '../lib/countdown';
import { zoneName } from '../lib/format';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { zoneChoice, type ZoneChoice } from '../lib/preferences';
import { formatNumber, t } from '../texts';
import type { Session } from 'plenary-client/rest';
import { Segments } from '../ui/inputs';
import { ownZone } from '../lib/format';
import { speakersOf, type IndexedAgenda } from './arrange';
import { trackColour } from './colour';

/** The track's name with its colour as a small square. */
export function TrackTag({ index, session }: { index: IndexedAgenda; session: Session }) {
  const track = session.track ? index.tracks.get(session.track) : undefined;
  if (!track) return null;
  return (
    <span class="track" style={{ '--track': trackColour(track) }}>
      {track.name}
    </span>
  );
}

/** "Ada Lovelace, Charles Babbage" */
export const speakerNames = (index: IndexedAgenda, session: Session): string =>
  speakersOf(index, session)
    .map((speaker) => speaker.name)
    .join(', ');

/** From here on a wait is told by the second, in milliseconds: earlier, "22:41" would be read as a time of day. */
const byTheSecond = 10 * 60_000;

/** A wait in words ("2 days", "3 hours", "25 min"), as a clock for the last minutes. */
export function waitText(from: number, until: number): string {
  const left = countdown(from, until);
  if (left.days) return t('time.days', { count: left.days });
  if (left.hours) return t('time.hours', { count: left.hours });
  if (until - from > byTheSecond) return t('agenda.minutes', { count: formatNumber(left.minutes + 1) });
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

/** "12 minutes left", changing once a minute. */
export function TimeLeft({ session }: { session: Session }) {
  const minutes = Math.max(1, Math.ceil((session.ends_at - now.value) / 60_000));
  return <span>{t('lobby.minutesLeft', { count: minutes })}</span>;
}

/** How far a session has come. The time left is written beside it. */
export function Progress({ part }: { part: number }) {
  return (
    <div class="progress" aria-hidden="true">
      <span style={{ transform: `scaleX(${part.toFixed(4)})` }} />
    </div>
  );
}

/** Event's time zone or one's own; nothing to choose when both have the same time. */
export function ZoneSwitch({ store }: { store: EventStore }) {
  const event = store.event.value;
  if (!event) return null;
  const there = zoneName(event.time_zone, event.starts_at);
  const here = zoneName(undefined, event.starts_at);
  if (event.time_zone === ownZone() || there === here) return <p class="soft small">{event.time_zone.replaceAll('_', ' ')}</p>;
  return (
    <Segments<ZoneChoice>
      label={t('time.zone')}
      value={zoneChoice.value}
      onChange={(value) => (zoneChoice.value = value)}
      choices={[
        { value: 'event', label: t('time.zoneEvent', { zone: there }) },
        { value: 'mine', label: t('time.zoneMine', { zone: here }) },
      ]}
    />
  );
}

/** "45 min" */
export const lengthText = (session: Session): string =>
  t('agenda.minutes', { count: formatNumber(Math.round((session.ends_at - session.starts_at) / 60_000)) });
