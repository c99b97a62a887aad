import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { agendaOf } from '../agenda';
import { eventStore } from '../hub/event';
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

/** A page through which people come in: what they do there, beside the event they do it for. */
export function Welcome({ slug, children }: { slug: string | undefined; children: ComponentChildren }) {
  return (
    <div class="welcome" data-alone={slug ? undefined : true}>
      <div class="welcome-main stack">{children}</div>
      {slug && <Beside slug={slug} />}
    </div>
  );
}
