import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { agendaOf } from '../agenda';
import { eventStore } from '../hub/event';
import { dateRange } from '../lib/format';
import { Skeleton } from '../ui/skeleton';
import { EventFacts, State } from './event-facts';
import { t } from './texts';
import './welcome.css';

/** Which event somebody wants to take part in: what it is, when and with whom. Without one it is left out. */
function Beside({ slug }: { slug: string }) {
  const store = eventStore(slug);
  useEffect(() => {
    if (!store.event.value) void store.loadEvent();
    // The lobby needs it next.
    void agendaOf(store).loadOnce();
  }, [store]);
  const event = store.event.value;
  if (!event) {
    return store.problem.value ? null : (
      <aside class="welcome-event" aria-label={t('facts.label')}>
        <Skeleton lines={5} />
      </aside>
    );
  }
  return (
    <aside class="welcome-event" aria-label={t('facts.label')}>
      <p>
        <State event={event} />
      </p>
      <p class="welcome-title">
        <a class="plain-link" href={store.link()}>
          {event.title}
        </a>
      </p>
      {event.description && <p class="welcome-description soft">{event.description}</p>}
      <EventFacts store={store} event={event} />
    </aside>
  );
}

/** Its name and days in one line. */
function Heading({ slug }: { slug: string }) {
  const store = eventStore(slug);
  const event = store.event.value;
  if (!event) return null;
  return (
    <p class="welcome-for small">
      {event.title} · {dateRange(event.starts_at, event.ends_at - 1, event.time_zone)}
    </p>
  );
}

/** A page through which people come in: what they do there, beside the event they do it for. */
export function Welcome({ slug, children }: { slug: string | undefined; children: ComponentChildren }) {
  return (
    <div class="welcome" data-alone={slug ? undefined : true}>
      <div class="welcome-main stack">
        {slug && <Heading slug={slug} />}
        {children}
      </div>
      {slug && <Beside slug={slug} />}
    </div>
  );
}
