import type { Event, EventSummary } from 'plenary-client/rest';
import { agendaOf } from '../agenda';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { dateRange, ownZone, shortDay, timeOfDay, zoneName } from '../lib/format';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { waitText } from '../ui/wait';
import { speakersOf } from './speakers';
import { t } from './texts';

/** Where the event stands, or how long it is until it begins. */
export function State({ event }: { event: EventSummary }) {
  if (event.state === 'draft') return <span class="badge" data-tone="warn">{t('facts.draft')}</span>;
  if (event.state === 'closed' || now.value >= event.ends_at) return <span class="badge">{t('facts.over')}</span>;
  if (now.value >= event.starts_at) return <span class="badge" data-tone="live">{t('facts.onNow')}</span>;
  return (
    <span class="welcome-countdown">
      <Icon name="clock" />
      {t('facts.startsIn')} <strong>{waitText(now.value, event.starts_at)}</strong>
    </span>
  );
}

/** "Europe/Berlin" → "Berlin" */
const placeOf = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');

/** The days, and the beginning in the event's time zone and in the reader's own. */
export function When({ event }: { event: EventSummary }) {
  const { starts_at: at, ends_at: until, time_zone: zone } = event;
  const oneDay = dateRange(at, at, zone) === dateRange(at, until - 1, zone);
  const [there, here] = [zoneName(zone, at), zoneName(ownZone(), at)];
  return (
    <>
      <p class="welcome-fact">{dateRange(at, until - 1, zone)}</p>
      <p class="soft">
        {oneDay ? t('facts.day', { day: shortDay(at, zone), from: timeOfDay(at, zone), until: timeOfDay(until, zone) }) : t('facts.begins', { day: shortDay(at, zone), time: timeOfDay(at, zone) })}
        {', '}
        {t('facts.inZone', { place: placeOf(zone), zone: there })}
      </p>
      {there !== here && <p class="soft">{t('facts.here', { day: shortDay(at), time: timeOfDay(at), zone: here })}</p>}
    </>
  );
}

/** How many speakers are named. */
const named = 3;

function Who({ store }: { store: EventStore }) {
  const speakers = speakersOf(agendaOf(store).value.value);
  if (!speakers.length) return null;
  const names = speakers.slice(0, named).map(({ name }) => name).join(', ');
  const more = speakers.length - named;
  return (
    <>
      <dt>
        <Icon name="people" />
        {t('facts.who')}
      </dt>
      <dd>
        <p class="welcome-faces" aria-hidden="true">
          {speakers.slice(0, 6).map((speaker) => (
            <Avatar key={speaker.id} person={speaker} />
          ))}
        </p>
        <p>{more > 0 ? t('facts.more', { names, count: more }) : names}</p>
      </dd>
    </>
  );
}

function What({ store }: { store: EventStore }) {
  const agenda = agendaOf(store).value.value;
  if (!agenda?.ordered.length) return null;
  const sessions = t('facts.sessions', { count: agenda.ordered.length });
  return (
    <>
      <dt>
        <Icon name="agenda" />
        {t('facts.what')}
      </dt>
      <dd>{agenda.agenda.rooms.length ? t('facts.rooms', { sessions, count: agenda.agenda.rooms.length }) : sessions}</dd>
    </>
  );
}

/** When an event is, in both time zones, what there is, and who speaks. */
export function EventFacts({ store, event }: { store: EventStore; event: Event }) {
  return (
    <dl class="welcome-facts">
      <dt>
        <Icon name="clock" />
        {t('facts.when')}
      </dt>
      <dd>
        <When event={event} />
      </dd>
      <What store={store} />
      <Who store={store} />
    </dl>
  );
}
