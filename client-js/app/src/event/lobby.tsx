import { ZoneSwitch, agendaOf, comingUp, onNow, starsOf } from '../agenda';
import { timeOfDay } from '../lib/format';
import type { PageProps } from '../shell/manifest';
import { now } from '../hub/clock';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { useChannel } from '../hub/use-channel';
import { t } from './texts';
import { ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { roomsOf } from '../rooms';
import { Announcements, isSettled } from './announcements';
import { LiveCard } from './live-card';
import { NextRow } from './next-row';
import './lobby.css';

function OnNow({ store }: { store: EventStore }) {
  const agenda = agendaOf(store).value.value!;
  const live = onNow(agenda, now.value);
  const over = !live.length && !comingUp(agenda, now.value, 1).length;
  return (
    <section class="stack" aria-labelledby="lobby-now">
      <h2 id="lobby-now" class="event-lobby-heading">
        {t('lobby.onNow')}
      </h2>
      {live.length ? (
        <ul class="event-live-cards" data-single={live.length === 1 || undefined}>
          {live.map((session) => (
            <LiveCard key={session.id} store={store} session={session} />
          ))}
        </ul>
      ) : (
        <div class="card">
          {over ? (
            <Empty compact icon="star" title={t('lobby.over')} hint={t('lobby.overHint')} />
          ) : (
            <Empty compact icon="clock" title={t('lobby.nothingOn')} hint={t('lobby.nothingOnHint')}>
              <ButtonLink href={store.link('rooms')}>{t('lobby.toRooms')}</ButtonLink>
            </Empty>
          )}
        </div>
      )}
    </section>
  );
}

function ComingUp({ store }: { store: EventStore }) {
  const next = comingUp(agendaOf(store).value.value!, now.value, 6);
  if (!next.length) return null;
  return (
    <section class="stack" aria-labelledby="lobby-next">
      <div class="spread">
        <h2 id="lobby-next" class="event-lobby-heading">
          {t('lobby.next')}
        </h2>
        <a href={store.link('agenda')}>{t('lobby.allAgenda')}</a>
      </div>
      <ul class="event-next-list card">
        {next.map((session) => (
          <NextRow key={session.id} store={store} session={session} star />
        ))}
      </ul>
    </section>
  );
}

function MySessions({ store }: { store: EventStore }) {
  const agenda = agendaOf(store).value.value!;
  if (me.value?.kind === 'guest') return null;
  const mine = agenda.ordered.filter((session) => starsOf(store).sessions.value.has(session.id) && session.ends_at > now.value);
  return (
    <section class="stack" aria-labelledby="lobby-mine">
      <h2 id="lobby-mine" class="event-lobby-heading">
        {t('lobby.mine')}
      </h2>
      {mine.length ? (
        <ul class="event-next-list card">
          {mine.slice(0, 6).map((session) => (
            <NextRow key={session.id} store={store} session={session} />
          ))}
        </ul>
      ) : (
        <div class="card">
          <Empty compact icon="star" title={t('lobby.noStars')} hint={t('lobby.noStarsHint')}>
            <ButtonLink href={store.link('agenda')}>{t('lobby.toAgenda')}</ButtonLink>
          </Empty>
        </div>
      )}
    </section>
  );
}

/** Running sessions, the next ones, and the person's own programme. Updates with the hub's clock. */
export default function Lobby({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const event = store.event.value;
  const agenda = agendaOf(store).value.value;
  const problem = agendaOf(store).problem.value;
  const rooms = roomsOf(store).list ?? roomsOf(store).problem.value;
  const announcements = useChannel(roomsOf(store).announcements);
  // What is further down waits for what is above it: nothing on the page moves when it comes.
  const heard = isSettled(store, announcements);
  return (
    <div class="page">
      <header class="spread">
        <PageHeading title={t('lobby.title')} event={event?.title}>
          {t('lobby.title')}
        </PageHeading>
        <div class="row">
          <p class="event-lobby-clock soft">
            <time>{timeOfDay(now.value, store.zone.value)}</time>
          </p>
          <ZoneSwitch store={store} at={now.value} />
        </div>
      </header>
      <div class="event-lobby-columns">
        <div class="stack event-lobby-main">
          {problem && !agenda ? (
            <Problem problem={problem} retry={() => void agendaOf(store).load()} />
          ) : !agenda || !rooms ? (
            <div class="event-lobby-wait">
              <Skeleton kind="card" lines={3} />
            </div>
          ) : !agenda.ordered.length ? (
            <div class="card">
              <Empty icon="agenda" title={t('lobby.noAgenda')} hint={t('lobby.noAgendaHint')}>
                <ButtonLink href={store.link('rooms')}>{t('lobby.toRooms')}</ButtonLink>
              </Empty>
            </div>
          ) : (
            <>
              <OnNow store={store} />
              <ComingUp store={store} />
            </>
          )}
        </div>
        <div class="stack event-lobby-side">
          <Announcements store={store} view={announcements} settled={heard} />
          {agenda && agenda.ordered.length > 0 && heard && <MySessions store={store} />}
        </div>
      </div>
    </div>
  );
}
