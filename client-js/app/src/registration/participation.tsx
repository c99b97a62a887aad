import { useSignal } from '@preact/signals';
import { registrationOf } from './store';
import { api } from '../hub/api';
import { navigate } from '../lib/router';
import type { EventStore } from '../hub/event';
import { loadMe } from '../hub/me';
import { notify } from '../ui/notices';
import { t } from './texts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { problemText } from '../ui/empty';
import { Form } from '../ui/form';
import { CheckField, SubmitButton } from '../ui/inputs';
import { answersFrom, CustomField } from './custom-field';
import './participation.css';

/** The person's registration for this event: directory, answers, and cancelling. */
export default function Participation({ store }: { store: EventStore }) {
  const cancelling = useSignal(false);
  const registration = registrationOf(store).value.value;
  const event = store.event.value;
  if (!registration || !event) return null;
  const ticket = event.ticket_types.find((type) => type.id === registration.ticket_type);
  const fields = event.fields.toSorted((a, b) => a.position - b.position);

  const setListed = async (listed: boolean): Promise<void> => {
    try {
      registrationOf(store).value.value = await api.patch('/events/{slug}/registration', { slug: store.slug, body: { listed } });
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };
  return (
    <section class="card stack" aria-labelledby="participation">
      <h2 id="participation">{t('participation.title', { event: event.title })}</h2>
      {ticket && (
        <dl class="facts">
          <dt>{t('participation.ticket')}</dt>
          <dd>{ticket.name}</dd>
        </dl>
      )}
      <CheckField name="listed" label={t('register.listed')} hint={t('register.listedHint')} checked={registration.listed} onChange={(listed) => void setListed(listed)} />
      {fields.length > 0 && (
        <Form
          guarded
          onSubmit={async (data) => {
            registrationOf(store).value.value = await api.patch('/events/{slug}/registration', { slug: store.slug, body: { answers: answersFrom(data, fields) } });
            notify(t('action.saved'));
          }}
        >
          <h3>{t('participation.answers')}</h3>
          {fields.map((field) => (
            <CustomField key={field.id} field={field} value={registration.answers[field.key]} />
          ))}
          <div>
            <SubmitButton tone="secondary">{t('action.save')}</SubmitButton>
          </div>
        </Form>
      )}
      <div class="registration-cancel">
        <Button small onClick={() => (cancelling.value = true)}>
          {t('participation.cancel')}
        </Button>
      </div>
      {cancelling.value && (
        <Dialog title={t('participation.cancelTitle')} onClose={() => (cancelling.value = false)}>
          <p>{t('participation.cancelHint')}</p>
          <Form
            onSubmit={async () => {
              await api.delete('/events/{slug}/registration', { slug: store.slug });
              registrationOf(store).value.value = undefined;
              await loadMe();
              navigate(store.link());
            }}
          >
            <div class="dialog-actions">
              <Button onClick={() => (cancelling.value = false)}>{t('action.cancel')}</Button>
              <SubmitButton tone="danger">{t('participation.cancel')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      )}
    </section>
  );
}
