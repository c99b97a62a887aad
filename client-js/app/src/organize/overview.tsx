import { roomsOf } from '../rooms';
import { agendaOf } from '../agenda';
import { api } from '../hub/api';
import { notify } from '../ui/notices';
import type { EventStore } from '../hub/event';
import { t } from './texts';
import type { Event, EventPatch, EventState } from 'plenary-client/rest';
import { Form } from '../ui/form';
import { Icon } from '../ui/icon';
import { CheckField, LongTextField, SelectField, SubmitButton } from '../ui/inputs';
import { EventFields, eventTimes } from './event-fields';
import type { SectionProps } from './slots';

const states: readonly EventState[] = ['draft', 'open', 'closed'];

function Step({ href, text, done, count }: { href: string; text: string; done: boolean; count?: number }) {
  return (
    <li class="organize-step" data-done={done || undefined}>
      <span class="organize-step-mark">{done && <Icon name="check" />}</span>
      <a class="organize-step-text" href={href}>
        {text}
      </a>
      {done && <span class="visually-hidden">({t('steps.done')})</span>}
      {count !== undefined && count > 0 && <span class="soft small nowrap">{t('steps.count', { count })}</span>}
    </li>
  );
}

/** What an event needs before people come. */
function Steps({ store, event }: { store: EventStore; event: Event }) {
  const rooms = roomsOf(store).list?.length ?? 0;
  const sessions = agendaOf(store).value.value?.ordered.length ?? 0;
  const tickets = event.ticket_types.length;
  const link = (section: string): string => store.link('organize', section);
  return (
    <section class="card stack" aria-labelledby="steps">
      <h2 id="steps">{t('steps.title')}</h2>
      <ol class="organize-steps">
        <Step href={link('rooms')} text={t('steps.rooms')} done={rooms > 0} count={rooms} />
        <Step href={link('import')} text={t('steps.agenda')} done={sessions > 0} count={sessions} />
        <Step href={link('tickets')} text={t('steps.tickets')} done={tickets > 0} count={tickets} />
        <Step href="#event-settings" text={t('steps.registration')} done={event.registration_open} />
        <Step href="#event-settings" text={t('steps.open')} done={event.state !== 'draft'} />
      </ol>
    </section>
  );
}

/** The state of the event, and its settings. */
export default function Overview({ store }: SectionProps) {
  const event = store.event.value!;
  const submit = async (data: FormData): Promise<void> => {
    const body: EventPatch = {
      title: String(data.get('title')).trim(),
      description: String(data.get('description')).trim(),
      locale: String(data.get('locale')),
      ...eventTimes(data),
      state: data.get('state') as EventState,
      registration_open: data.has('registration_open'),
      guests_allowed: data.has('guests_allowed'),
      consent_text: String(data.get('consent_text')).trim(),
    };
    store.event.value = await api.patch('/events/{slug}', { slug: store.slug, body });
    notify(t('action.saved'));
  };
  return (
    <div class="organize-columns">
      <Steps store={store} event={event} />
      <section class="card stack" id="event-settings" aria-labelledby="settings">
        <h2 id="settings">{t('event.settings')}</h2>
        <Form guarded onSubmit={submit}>
          <SelectField name="state" label={t('event.state')} value={event.state} choices={states.map((value) => ({ value, label: t(`event.${value}`) }))} />
          <CheckField name="registration_open" label={t('event.registrationOpen')} defaultChecked={event.registration_open} />
          <CheckField name="guests_allowed" label={t('event.guestsAllowed')} hint={t('event.guestsHint')} defaultChecked={event.guests_allowed} />
          <EventFields event={event} />
          <LongTextField name="consent_text" label={t('event.consent')} hint={t('event.consentHint')} defaultValue={event.consent_text ?? ''} maxLength={10_000} />
          <div>
            <SubmitButton>{t('action.save')}</SubmitButton>
          </div>
        </Form>
      </section>
    </div>
  );
}
