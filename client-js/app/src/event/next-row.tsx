import { StarButton, agendaOf, dayOf, speakerNames } from '../agenda';
import { Wait } from '../ui/wait';
import { timeOfDay, weekday } from '../lib/format';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';

/** One upcoming session: when, what, where, and how long until then. */
export function NextRow({ store, session, star }: { store: EventStore; session: Session; star?: boolean }) {
  const agenda = agendaOf(store).value.value!;
  const zone = store.zone.value;
  const today = dayOf(session.starts_at, zone) === dayOf(now.value, zone);
  const room = session.room ? agenda.roomNames.get(session.room) : undefined;
  const details = [room, speakerNames(agenda, session)].filter(Boolean).join(' · ');
  const live = session.starts_at <= now.value;
  return (
    <li class="event-next-row">
      <p class="event-next-when">
        <time dateTime={new Date(session.starts_at).toISOString()}>{timeOfDay(session.starts_at, zone)}</time>
        {!today && <span class="soft small">{weekday(session.starts_at, zone)}</span>}
      </p>
      <div class="event-next-what">
        <a class="cover-link event-next-title" href={store.link('agenda', session.id)}>
          {session.title}
        </a>
        <span class="soft small event-next-details">{details}</span>
      </div>
      {live ? (
        <span class="badge" data-tone="live">
          {t('lobby.live')}
        </span>
      ) : (
        <span class="event-next-wait soft small">
          <Wait until={session.starts_at} within />
        </span>
      )}
      {star && (
        <span class="above-cover">
          <StarButton store={store} session={session} />
        </span>
      )}
    </li>
  );
}
