import { agendaOf } from './store';
import { speakerNames } from './parts';
import { StarButton } from './star-button';
import { arrangeTimetable, type Cell } from './timetable';
import { trackColour } from './colour';
import { timeOfDay, timeRange } from '../lib/format';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';

/** Height of a minute of the programme, in rem. */
const minuteHeight = 0.11;

function SessionCell({ store, cell }: { store: EventStore; cell: Cell }) {
  const agenda = agendaOf(store).value.value!;
  const { session } = cell;
  const track = session.track ? agenda.tracks.get(session.track) : undefined;
  const live = session.starts_at <= now.value && now.value < session.ends_at;
  return (
    <li
      class="agenda-cell"
      data-cancelled={session.state === 'cancelled' || undefined}
      data-live={live || undefined}
      style={{ gridColumn: cell.column + 1, gridRow: `${cell.rowStart + 1} / ${cell.rowEnd + 1}`, '--track': track ? trackColour(track) : 'var(--line-strong)' }}
    >
      <p class="agenda-cell-time small soft">{timeRange(session.starts_at, session.ends_at, store.zone.value)}</p>
      <h3 class="agenda-cell-title">
        <a class="cover-link" href={store.link('agenda', session.id)}>
          {session.title}
        </a>
      </h3>
      <p class="small soft">{session.state === 'cancelled' ? t('agenda.cancelled') : speakerNames(agenda, session)}</p>
      <span class="above-cover agenda-cell-star">
        <StarButton store={store} session={session} />
      </span>
    </li>
  );
}

/** One day as rooms side by side, time downwards. It scrolls sideways if there are many rooms. */
export function TimetableView({ store, sessions }: { store: EventStore; sessions: readonly Session[] }) {
  const { agenda, roomNames } = agendaOf(store).value.value!;
  const table = arrangeTimetable(sessions, agenda.rooms.map((room) => room.id));
  const starts = new Set(sessions.map((session) => session.starts_at));
  const rows = table.rowMinutes.map((minutes) => `minmax(${(minutes * minuteHeight).toFixed(2)}rem, auto)`).join(' ');
  return (
    <div class="agenda-timetable-scroll" tabIndex={0} role="region" aria-label={t('agenda.grid')}>
      <ul class="agenda-timetable" style={{ gridTemplateRows: `auto ${rows}`, gridTemplateColumns: `max-content repeat(${table.columns}, minmax(12rem, 1fr))` }}>
        {table.rooms.map((room) => (
          <li key={room.id ?? ''} class="agenda-timetable-room" style={{ gridColumn: `${room.column + 1} / span ${room.lanes}` }}>
            {room.id ? (roomNames.get(room.id) ?? '') : t('agenda.noRoom')}
          </li>
        ))}
        {table.moments.map((moment, position) =>
          starts.has(moment) ? (
            <li key={moment} class="agenda-timetable-time small soft" aria-hidden="true" style={{ gridRow: position + 2 }}>
              {timeOfDay(moment, store.zone.value)}
            </li>
          ) : null,
        )}
        {table.cells.map((cell) => (
          <SessionCell key={cell.session.id} store={store} cell={cell} />
        ))}
      </ul>
    </div>
  );
}
