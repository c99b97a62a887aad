import { agendaOf } from './store';
import { slotsOf } from './choose';
import { lengthText, speakerNames, TrackTag } from './parts';
import { StarButton } from './star-button';
import { timeOfDay } from '../lib/format';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';

function State({ session }: { session: Session }) {
  if (session.state === 'cancelled') {
    return (
      <span class="badge" data-tone="danger">
        {t('agenda.cancelled')}
      </span>
    );
  }
  if (session.starts_at <= now.value && now.value < session.ends_at) {
    return (
      <span class="badge" data-tone="live">
        {t('agenda.live')}
      </span>
    );
  }
  return null;
}

function Entry({ store, session }: { store: EventStore; session: Session }) {
  const agenda = agendaOf(store).value.value!;
  const room = session.room ? agenda.roomNames.get(session.room) : undefined;
  const names = speakerNames(agenda, session);
  return (
    <li class="agenda-row" data-cancelled={session.state === 'cancelled' || undefined}>
      <div class="agenda-row-text">
        <h4 class="agenda-row-title">
          <a class="cover-link" href={store.link('agenda', session.id)}>
            {session.title}
          </a>
        </h4>
        {names && <p class="small">{names}</p>}
        <p class="agenda-row-facts small soft">
          <State session={session} />
          {room && <span>{room}</span>}
          <span>{lengthText(session)}</span>
          <TrackTag index={agenda} session={session} />
          {session.language && <span class="agenda-row-language">{session.language}</span>}
        </p>
      </div>
      <span class="above-cover">
        <StarButton store={store} session={session} />
      </span>
    </li>
  );
}

/** One day's sessions, grouped by when they start. */
export function SessionList({ store, sessions }: { store: EventStore; sessions: readonly Session[] }) {
  return (
    <ol class="agenda-slots">
      {slotsOf(sessions).map((slot) => (
        <li class="agenda-slot" key={slot.starts_at}>
          <h3 class="agenda-slot-time">
            <time dateTime={new Date(slot.starts_at).toISOString()}>{timeOfDay(slot.starts_at, store.zone.value)}</time>
          </h3>
          <ul class="agenda-slot-sessions card">
            {slot.sessions.map((session) => (
              <Entry key={session.id} store={store} session={session} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
