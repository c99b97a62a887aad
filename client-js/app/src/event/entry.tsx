import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { arriveAs } from '../account';
import { agendaOf } from '../agenda';
import { registrationOf } from '../registration';
import { EventFacts, State } from '../welcome';
import { PlenaryError } from 'plenary-client/rest';
import { api } from '../hub/api';
import type { PageProps } from '../shell/manifest';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { mayEnter } from '../hub/roles';
import { notify } from '../ui/notices';
import { t } from './texts';
import { Button, ButtonLink } from '../ui/button';
import { Problem, problemText } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { NotFound } from '../ui/not-found';
import './entry.css';

function GuestButton({ slug }: { slug: string }) {
  const busy = useSignal(false);
  const enter = async (): Promise<void> => {
    busy.value = true;
    try {
      await arriveAs(await api.post('/sign-in/guest', { body: { event: slug } }), `/e/${slug}/lobby`);
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
    busy.value = false;
  };
  return (
    <div class="stack-small">
      <Button busy={busy.value} onClick={() => void enter()}>
        {t('entry.asGuest')}
      </Button>
      <p class="soft small">{t('entry.guestHint')}</p>
    </div>
  );
}

function Doors({ store }: { store: EventStore }) {
  const event = store.event.value!;
  const registration = registrationOf(store).value.value;
  if (mayEnter(store.slug)) {
    return (
      <ButtonLink tone="primary" href={store.link('lobby')} class="event-entry-main-action">
        {t('entry.enter')}
      </ButtonLink>
    );
  }
  if (registration?.held) return <p class="event-entry-note">{t('entry.held')}</p>;
  if (registration?.status === 'cancelled') return <p class="event-entry-note">{t('entry.cancelled')}</p>;
  return (
    <>
      {event.registration_open && event.state !== 'closed' ? (
        <ButtonLink tone="primary" href={store.link('register')} class="event-entry-main-action">
          {t('entry.register')}
        </ButtonLink>
      ) : (
        <p class="event-entry-note">{t('entry.registrationClosed')}</p>
      )}
      {!me.value && (
        <p>
          {t('entry.already')}{' '}
          <a href={`/sign-in?next=${encodeURIComponent(store.link('lobby'))}&event=${encodeURIComponent(store.slug)}`}>{t('entry.signIn')}</a>
        </p>
      )}
      {event.guests_allowed && !me.value && event.state === 'open' && <GuestButton slug={store.slug} />}
    </>
  );
}

/** An event's entry page. */
export default function Entry({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  useEffect(() => {
    void store.loadEvent();
    // Only for a line of figures, which is omitted without an answer.
    if (!agendaOf(store).value.value) agendaOf(store).load().catch(() => undefined);
  }, [store]);
  useEffect(() => {
    if (me.value) void registrationOf(store).load();
  }, [store, me.value?.id]);

  const event = store.event.value;
  if (!event) {
    const problem = store.problem.value;
    if (problem instanceof PlenaryError && problem.status === 404) return <NotFound />;
    if (problem) return <Problem problem={problem} retry={() => void store.loadEvent()} />;
    return <Skeleton lines={6} />;
  }
  const known = me.value === null || (me.value !== undefined && registrationOf(store).value.value !== undefined);
  return (
    <article class="event-entry">
      <header class="event-entry-head">
        <p>
          <State event={event} />
        </p>
        <PageHeading class="event-entry-title" title={event.title} event={event.title}>
          {event.title}
        </PageHeading>
        {event.description && <p class="event-entry-text prose">{event.description}</p>}
      </header>
      <div class="event-entry-side">
        <div class="event-entry-doors card">
          {known ? <Doors store={store} /> : <Skeleton lines={2} />}
          {me.value?.kind === 'person' && <p class="soft small">{t('account.signedInAs', { name: me.value.email ?? me.value.profile.name })}</p>}
        </div>
        <section class="card" aria-label={t('entry.facts')}>
          <EventFacts store={store} event={event} />
        </section>
      </div>
    </article>
  );
}
