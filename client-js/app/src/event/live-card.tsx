import { roomsOf } from '../rooms';
import { Progress, StarButton, TimeLeft, TrackTag, agendaOf, progress, speakerNames } from '../agenda';
import { timeRange } from '../lib/format';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';
import { ButtonLink } from '../ui/button';

/** A running session, with a link to its room. */
export function LiveCard({ store, session }: { store: EventStore; session: Session }) {
  const agenda = agendaOf(store).value.value!;
  const names = speakerNames(agenda, session);
  const room = session.room ? roomsOf(store).find(session.room) : undefined;
  return (
    <li class="card event-live-card">
      <div class="spread event-live-card-top">
        <TrackTag index={agenda} session={session} />
        <StarButton store={store} session={session} />
      </div>
      <h3 class="event-live-card-title">
        <a class="plain-link" href={store.link('agenda', session.id)}>
          {session.title}
        </a>
      </h3>
      {names && <p class="soft">{names}</p>}
      <div class="event-live-card-foot">
        <p class="spread small soft">
          <time>{timeRange(session.starts_at, session.ends_at, store.zone.value)}</time>
          <TimeLeft session={session} />
        </p>
        <Progress part={progress(session, now.value)} />
        {room && (
          <ButtonLink tone="primary" href={store.link('rooms', room.id)}>
            {t('lobby.enterRoom', { room: room.name })}
          </ButtonLink>
        )}
      </div>
    </li>
  );
}
