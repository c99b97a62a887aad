import { now } from '../hub/clock';
import { formatNumber } from '../texts';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';
import { speakersOf, type IndexedAgenda } from './arrange';
import { trackColour } from './colour';
import './parts.css';

/** The track's name with its colour as a small square. */
export function TrackTag({ index, session }: { index: IndexedAgenda; session: Session }) {
  const track = session.track ? index.tracks.get(session.track) : undefined;
  if (!track) return null;
  return (
    <span class="agenda-track" style={{ '--track': trackColour(track) }}>
      {track.name}
    </span>
  );
}

/** "Ada Lovelace, Charles Babbage" */
export const speakerNames = (index: IndexedAgenda, session: Session): string =>
  speakersOf(index, session)
    .map((speaker) => speaker.name)
    .join(', ');

/** "12 minutes left", changing once a minute. */
export function TimeLeft({ session }: { session: Session }) {
  const minutes = Math.max(1, Math.ceil((session.ends_at - now.value) / 60_000));
  return <span>{t('agenda.minutesLeft', { count: minutes })}</span>;
}

/** The progress of a session. The remaining time is written beside it. */
export function Progress({ part }: { part: number }) {
  return (
    <div class="agenda-progress" aria-hidden="true">
      <span style={{ transform: `scaleX(${part.toFixed(4)})` }} />
    </div>
  );
}

/** "45 min" */
export const lengthText = (session: Session): string =>
  t('time.minutes', { count: formatNumber(Math.round((session.ends_at - session.starts_at) / 60_000)) });
