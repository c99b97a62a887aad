import { agendaOf, starsOf } from './store';
import { dayOf } from './arrange';
import { chosenSessions, dayMoment, dayShown, daysOf, momentShown } from './choose';
import { longDay } from '../lib/format';
import { useSettled } from '../lib/signal-hooks';
import type { PageProps } from '../shell/manifest';
import { hubTime } from '../hub/clock';
import { eventStore, type EventStore } from '../hub/event';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';
import { Button, ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Segments } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { agendaChoice, agendaView, type AgendaChoice, type AgendaView } from './choice';
import { DayTabs } from './day-tabs';
import { Filters } from './filters';
import { SessionList } from './session-list';
import { TimetableView } from './timetable-view';
import { ZoneSwitch } from './zone-switch';
import './agenda.css';

function Day({ store, day, sessions }: { store: EventStore; day: string; sessions: readonly Session[] }) {
  const name = longDay(dayMoment(day), 'UTC');
  return (
    <section class="agenda-day" aria-label={t('agenda.dayFound', { day: name, count: sessions.length })}>
      <h2 class="agenda-day-heading">{name}</h2>
      {agendaView.value === 'grid' ? <TimetableView store={store} sessions={sessions} /> : <SessionList store={store} sessions={sessions} />}
    </section>
  );
}

function Programme({ store, choice }: { store: EventStore; choice: AgendaChoice }) {
  const agenda = agendaOf(store).value.value!;
  const zone = store.zone.value;
  const search = useSettled(choice.search.value, 150);
  const found = chosenSessions(agenda, choice.filter(search, starsOf(store).sessions.value));
  const days = daysOf(agenda.ordered, zone);
  const day = dayShown(agenda, choice.day.value, hubTime(), zone);
  // A search covers all days: people remember the title, not the day.
  const everyDay = search.trim() !== '' || choice.starred.value;
  const shown = everyDay ? daysOf(found, zone) : day ? [day] : [];
  const ofDay = (wanted: string): Session[] => found.filter((session) => dayOf(session.starts_at, zone) === wanted);
  const empty = !shown.some((wanted) => ofDay(wanted).length);

  return (
    <>
      {!everyDay && <DayTabs days={days} current={day} onChoose={(wanted) => (choice.day.value = wanted)} />}
      <p class="visually-hidden" role="status">
        {choice.narrowed ? t('agenda.found', { count: found.length }) : ''}
      </p>
      {empty ? (
        <Empty icon="search" title={t('agenda.noMatch')} hint={t('agenda.noMatchHint')}>
          <Button onClick={() => choice.clear()}>{t('agenda.clear')}</Button>
        </Empty>
      ) : (
        shown.map((wanted) => <Day key={wanted} store={store} day={wanted} sessions={ofDay(wanted)} />)
      )}
    </>
  );
}

/** The whole programme by day, as a list or as a timetable of rooms. */
export default function AgendaPage({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const choice = agendaChoice(store.slug);
  const agenda = agendaOf(store).value.value;
  const problem = agendaOf(store).problem.value;
  return (
    <div class="page">
      <header class="spread">
        <PageHeading title={t('agenda.title')} event={store.event.value?.title}>
          {t('agenda.title')}
        </PageHeading>
        <div class="row">
          <ZoneSwitch store={store} at={momentShown(agenda, choice.day.value, hubTime(), store.zone.value)} />
          <span class="agenda-view">
            <Segments<AgendaView>
              label={t('agenda.view')}
              value={agendaView.value}
              onChange={(view) => (agendaView.value = view)}
              choices={[
                { value: 'list', label: t('agenda.list') },
                { value: 'grid', label: t('agenda.grid') },
              ]}
            />
          </span>
        </div>
      </header>
      {problem && !agenda ? (
        <Problem problem={problem} retry={() => void agendaOf(store).load()} />
      ) : !agenda ? (
        <Skeleton kind="row" lines={6} />
      ) : !agenda.ordered.length ? (
        <Empty icon="agenda" title={t('agenda.none')} hint={t('agenda.noneHint')}>
          <ButtonLink href={store.link('rooms')}>{t('agenda.toRooms')}</ButtonLink>
        </Empty>
      ) : (
        <>
          <Filters store={store} choice={choice} />
          <Programme store={store} choice={choice} />
        </>
      )}
    </div>
  );
}
