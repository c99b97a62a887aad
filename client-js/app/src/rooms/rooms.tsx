import { roomsOf } from './store';
import { agendaOf, comingUp, onNow } from '../agenda';
import { Wait } from '../ui/wait';
import type { PageProps } from '../shell/manifest';
import { now } from '../hub/clock';
import { eventStore, type EventStore } from '../hub/event';
import { t } from './texts';
import type { Room } from 'plenary-client/rest';
import { Empty, Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Marks } from '../shell/places';
import { PageHeading } from '../ui/page';
import { unreadMarks } from './marks';
import { Skeleton } from '../ui/skeleton';
import './rooms.css';

function RoomCard({ store, room }: { store: EventStore; room: Room }) {
  const agenda = agendaOf(store).value.value;
  const live = agenda ? onNow(agenda, now.value, room.id)[0] : undefined;
  const next = agenda ? comingUp(agenda, now.value, 1, room.id)[0] : undefined;
  return (
    <li class="card rooms-card">
      <div class="spread">
        <h2>
          <a class="cover-link" href={store.link('rooms', room.id)}>
            {room.name}
            <Marks marks={unreadMarks(store, room)} />
          </a>
        </h2>
        <span class="row">
          {room.hidden && <span class="badge">{t('rooms.hidden')}</span>}
          {room.locked && <Icon name="lock" />}
          {live && (
            <span class="badge" data-tone="live">
              {t('room.onNow')}
            </span>
          )}
        </span>
      </div>
      {room.description && <p class="soft">{room.description}</p>}
      <p class="rooms-card-session">{live ? live.title : <span class="soft">{t('rooms.quiet')}</span>}</p>
      {next && (
        <p class="small soft rooms-card-next">
          {t('room.next')}: {next.title} · <Wait until={next.starts_at} within />
        </p>
      )}
    </li>
  );
}

/** All rooms with their running sessions. */
export default function Rooms({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const rooms = roomsOf(store).list;
  return (
    <div class="page">
      <PageHeading title={t('rooms.title')} event={store.event.value?.title}>
        {t('rooms.title')}
      </PageHeading>
      {roomsOf(store).problem.value && !rooms ? (
        <Problem problem={roomsOf(store).problem.value} retry={() => void roomsOf(store).load()} />
      ) : !rooms ? (
        <Skeleton kind="card" lines={3} />
      ) : !rooms.length ? (
        <Empty icon="room" title={t('rooms.empty')} hint={t('rooms.emptyHint')} />
      ) : (
        <ul class="rooms-cards">
          {rooms.map((room) => (
            <RoomCard key={room.id} store={store} room={room} />
          ))}
        </ul>
      )}
    </div>
  );
}
