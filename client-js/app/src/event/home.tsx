import { useEffect } from 'preact/hooks';
import { api } from '../hub/api';
import { dateRange } from '../lib/format';
import { useResource } from '../lib/signal-hooks';
import { me, meProblem, loadMe } from '../hub/me';
import { mayCreateEvents } from '../hub/roles';
import { t } from './texts';
import type { EventSummary } from 'plenary-client/rest';
import { ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import './home.css';

function EventCard({ event, mine }: { event: EventSummary; mine: boolean }) {
  const path = `/e/${encodeURIComponent(event.slug)}`;
  return (
    <li class="card event-card">
      <p class="soft small">{dateRange(event.starts_at, event.ends_at, event.time_zone)}</p>
      <h2>
        <a class="cover-link" href={mine ? `${path}/lobby` : path}>
          {event.title}
        </a>
      </h2>
      {event.state !== 'open' && (
        <p>
          <span class="badge" data-tone="warn">
            {event.state === 'draft' ? t('home.draft') : t('home.closed')}
          </span>
        </p>
      )}
    </li>
  );
}

/** All open events; those the person takes part in come first. */
export default function Home() {
  const events = useResource(`events ${me.value?.id ?? ''}`, (signal) => api.get('/events', { signal }));
  useEffect(() => {
    if (meProblem.value) void loadMe();
  }, []);

  const mine = new Set(me.value?.events.map((membership) => membership.slug));
  const all = events.data.value?.items.toSorted((a, b) => a.starts_at - b.starts_at) ?? [];
  const groups = [
    { title: t('home.mine'), events: all.filter((event) => mine.has(event.slug)) },
    { title: mine.size ? t('home.other') : undefined, events: all.filter((event) => !mine.has(event.slug)) },
  ].filter((group) => group.events.length);

  return (
    <div class="stack event-home">
      <div class="spread">
        <div>
          <PageHeading title={t('home.title')}>{t('home.title')}</PageHeading>
          <p class="soft">{t('home.lead')}</p>
        </div>
        {mayCreateEvents() && (
          <ButtonLink href="/create" tone="primary" icon="plus">
            {t('home.create')}
          </ButtonLink>
        )}
      </div>
      {events.error.value && !events.data.value ? (
        <Problem problem={events.error.value} retry={() => void events.reload()} />
      ) : !events.data.value ? (
        <Skeleton kind="card" lines={2} />
      ) : !all.length ? (
        <Empty icon="agenda" title={t('home.empty')} hint={t('home.emptyHint')} />
      ) : (
        groups.map((group) => (
          <section class="stack-small" key={group.title} aria-label={group.title ?? t('home.title')}>
            {group.title && <p class="event-section-label">{group.title}</p>}
            <ul class="event-cards">
              {group.events.map((event) => (
                <EventCard key={event.id} event={event} mine={mine.has(event.slug)} />
              ))}
            </ul>
          </section>
        ))
      )}
    </div>
  );
}
