import { useEffect } from 'preact/hooks';
import { asked, MailSent, typedEmail } from '../account';
import { registrationOf } from './store';
import { PlenaryError } from 'plenary-client/rest';
import { api } from '../hub/api';
import { navigate } from '../lib/router';
import type { PageProps } from '../shell/manifest';
import { eventStore, type EventStore } from '../hub/event';
import { loadMe, me } from '../hub/me';
import { language } from '../texts';
import { t } from './texts';
import type { Event, RegistrationRequest } from 'plenary-client/rest';
import { notify } from '../ui/notices';
import { ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Form } from '../ui/form';
import { CheckField, SubmitButton, TextField } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Welcome } from '../welcome';
import { NotFound } from '../ui/not-found';
import { answersFrom, CustomField } from './custom-field';
import { TicketChoice } from './ticket-choice';
import './register.css';

function requestFrom(data: FormData, event: Event): RegistrationRequest {
  const given = (name: 'email' | 'ticket_type'): Partial<RegistrationRequest> => {
    const text = String(data.get(name) ?? '').trim();
    return text ? { [name]: text } : {};
  };
  return {
    ...given('email'),
    ...given('ticket_type'),
    name: String(data.get('name')).trim(),
    answers: answersFrom(data, event.fields),
    // Without a consent text there is nothing to refuse.
    consent: event.consent_text ? data.has('consent') : true,
    listed: data.has('listed'),
    locale: language.value,
  };
}

function RegistrationForm({ store, event }: { store: EventStore; event: Event }) {
  const person = me.value?.kind === 'person' ? me.value : undefined;
  const tickets = event.ticket_types.filter((ticket) => !ticket.hidden).toSorted((a, b) => a.position - b.position);
  // An event without ticket types also accepts registrations.
  if (event.ticket_types.length > 0 && !tickets.some((ticket) => ticket.on_sale)) return <Empty icon="ticket" title={t('register.noTickets')} hint={t('register.noTicketsHint')} />;

  const submit = async (data: FormData): Promise<void> => {
    const request = requestFrom(data, event);
    let held = false;
    try {
      const answer = await api.post('/events/{slug}/registrations', { slug: store.slug, body: request });
      if ('request' in answer) {
        asked.value = { request: answer.request, email: request.email ?? '', event: store.slug, next: store.link('lobby'), registered: true, at: Date.now() };
        return;
      }
      held = answer.held === true;
    } catch (problem) {
      // A second click: the first one has succeeded.
      if (!person || !(problem instanceof PlenaryError) || problem.code !== 'registration.exists') throw problem;
      notify(t('register.already'));
    }
    await loadMe();
    navigate(held ? store.link() : store.link('lobby'));
  };

  return (
    <Form class="registration-form" onSubmit={submit}>
      {tickets.length > 0 && <TicketChoice tickets={tickets} zone={event.time_zone} />}
      <section class="card stack">
        <h2>{t('register.about')}</h2>
        <TextField name="name" label={t('register.name')} hint={t('register.nameHint')} autocomplete="name" maxLength={100} defaultValue={person?.profile.name ?? ''} required />
        {person ? (
          <p>{t('account.signedInAs', { name: person.email ?? person.profile.name })}</p>
        ) : (
          <TextField
            name="email"
            type="email"
            label={t('register.email')}
            hint={t('register.emailHint')}
            autocomplete="email"
            value={typedEmail.value}
            onInput={(event) => (typedEmail.value = event.currentTarget.value)}
            required
          />
        )}
      </section>
      {event.fields.length > 0 && (
        <section class="card stack">
          <h2>{t('register.questions')}</h2>
          {event.fields
            .toSorted((a, b) => a.position - b.position)
            .map((field) => (
              <CustomField key={field.id} field={field} />
            ))}
        </section>
      )}
      <section class="card stack">
        <CheckField name="listed" label={t('register.listed')} hint={t('register.listedHint')} />
        {event.consent_text && <CheckField name="consent" label={event.consent_text} required />}
      </section>
      <SubmitButton>{t('register.submit')}</SubmitButton>
    </Form>
  );
}

/** Taking part: ticket, name, the organizers' questions, consent. */
export default function Register({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const mail = asked.value;
  // Refresh the numbers of remaining tickets whenever the page is opened.
  useEffect(() => void store.loadEvent(), [store]);
  useEffect(() => {
    if (me.value?.kind === 'person') void registrationOf(store).load();
  }, [store, me.value?.id]);
  useEffect(() => {
    if (registrationOf(store).value.value?.status === 'confirmed') navigate(store.link('lobby'), { replace: true });
  }, [registrationOf(store).value.value]);

  const event = store.event.value;
  if (!event) {
    const problem = store.problem.value;
    if (problem instanceof PlenaryError && problem.status === 404) return <NotFound />;
    if (problem) return <Problem problem={problem} retry={() => void store.loadEvent()} />;
    return <Skeleton lines={6} />;
  }
  if (mail?.registered && mail.event === store.slug) {
    return (
      <Welcome slug={store.slug}>
        <header class="stack-small">
          <PageHeading title={t('register.sent')} event={event.title}>
            {t('register.sent')}
          </PageHeading>
          <p class="soft">{t('register.sentLead', { event: event.title })}</p>
        </header>
        <MailSent mail={mail} action={t('register.confirm')}>
          <p>{t('register.sentHint')}</p>
        </MailSent>
      </Welcome>
    );
  }
  return (
    <Welcome slug={store.slug}>
      <header class="stack-small">
        <PageHeading title={t('register.title')} event={event.title}>
          {t('register.title')}
        </PageHeading>
        {me.value === null && (
          <p class="soft">
            {t('register.registered')} <a href={`/sign-in?next=${encodeURIComponent(store.link('lobby'))}&event=${encodeURIComponent(store.slug)}`}>{t('register.signIn')}</a>
          </p>
        )}
      </header>
      {event.registration_open ? (
        <RegistrationForm key={me.value?.id ?? ''} store={store} event={event} />
      ) : (
        <Empty icon="ticket" title={t('register.closed')}>
          <ButtonLink href={store.link()}>{t('action.back')}</ButtonLink>
        </Empty>
      )}
    </Welcome>
  );
}
