import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { navigate } from '../lib/router';
import type { EventStore } from '../hub/event';
import { loadMe } from '../hub/me';
import { notify } from '../ui/notices';
import { t } from '../texts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { problemText } from '../ui/empty';
import { Form } from '../ui/form';
import { CheckField, SubmitButton } from '../ui/inputs';
import { answersFrom, CustomField } from './custom-field';

/** One's registration for this event: directory, answers, and the way out. */
export function Participation({ store }: { store: EventStore }) {
  const cancelling = useSignal(false);
  const registration = store.registration.value;
  const event = store.event.value;
  if (!registration || !event) return null;
  const ticket = event.ticket_types.find((type) => type.id === registration.ticket_type);
  const fields = event.fields.toSorted((a, b) => a.position - b.position);

  const setListed = async (listed: boolean): Promise<void> => {
    try {
      store.registration.value = await api.patch('/events/{slug}/registration', { slug: store.slug, body: { listed } });
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };
  return (
    <section class="card stack" aria-labelledby="participation">
      <h2 id="participation">{t('profile.participation', { event: event.title })}</h2>
      {ticket && (
        <dl class="facts">
          <dt>{t('profile.ticket')}</dt>
          <dd>{ticket.name}</dd>
        </dl>
      )}
      <CheckField name="listed" label={t('register.listed')} hint={t('register.listedHint')} checked={registration.listed} onChange={(listed) => void setListed(listed)} />
      {fields.length > 0 && (
        <Form
          onSubmit={async (data) => {
            store.registration.value = await api.patch('/events/{slug}/registration', { slug: store.slug, body: { answers: answersFrom(data, fields) } });
            notify(t('action.saved'));
          }}
        >
          <h3>{t('profile.answers')}</h3>
          {fields.map((field) => (
            <CustomField key={field.id} field={field} value={registration.answers[field.key]} />
          ))}
          <div>
            <SubmitButton tone="secondary">{t('action.save')}</SubmitButton>
          </div>
        </Form>
      )}
      <div class="profile-cancel">
        <Button small onClick={() => (cancelling.value = true)}>
          {t('profile.cancel')}
        </Button>
      </div>
      {cancelling.value && (
        <Dialog title={t('profile.cancelTitle')} onClose={() => (cancelling.value = false)}>
          <p>{t('profile.cancelHint')}</p>
          <Form
            onSubmit={async () => {
              await api.delete('/events/{slug}/registration', { slug: store.slug });
              store.registration.value = undefined;
              await loadMe();
              navigate(store.link());
            }}
          >
            <div class="dialog-actions">
              <Button onClick={() => (cancelling.value = false)}>{t('action.cancel')}</Button>
              <SubmitButton tone="danger">{t('profile.cancel')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      )}
    </section>
  );
}
