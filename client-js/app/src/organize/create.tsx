import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../hub/api';
import { slugFrom } from '../lib/slug';
import { navigate } from '../lib/router';
import { loadMe, me } from '../hub/me';
import { mayCreateEvents } from '../hub/roles';
import { t } from './texts';
import type { NewEvent } from 'plenary-client/rest';
import { Empty } from '../ui/empty';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { EventFields, eventTimes } from './event-fields';
import './organize.css';

/** A new event, as a draft. */
export default function Create() {
  const slug = useSignal('');
  const touched = useSignal(false);
  useEffect(() => {
    if (me.value === null) navigate('/sign-in?next=/create', { replace: true });
  }, [me.value]);
  if (!me.value) return <Skeleton lines={6} />;

  const submit = async (data: FormData): Promise<void> => {
    const body: NewEvent = {
      slug: String(data.get('slug')),
      title: String(data.get('title')).trim(),
      description: String(data.get('description')).trim(),
      locale: String(data.get('locale')),
      ...eventTimes(data),
    };
    const event = await api.post('/events', { body });
    await loadMe();
    navigate(`/e/${encodeURIComponent(event.slug)}/organize`);
  };
  return (
    <div class="organize-create stack">
      <header>
        <PageHeading title={t('create.title')}>{t('create.title')}</PageHeading>
        <p class="soft">{t('create.lead')}</p>
      </header>
      {mayCreateEvents() ? (
        <div class="card">
          <Form onSubmit={submit}>
            <EventFields
              onTitle={(title) => {
                if (!touched.value) slug.value = slugFrom(title);
              }}
            />
            <TextField
              name="slug"
              label={t('event.slug')}
              hint={t('event.slugHint', { slug: slug.value || '…' })}
              value={slug.value}
              pattern="[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
              maxLength={50}
              autocomplete="off"
              required
              onInput={(input) => {
                touched.value = true;
                slug.value = input.currentTarget.value;
              }}
            />
            <div>
              <SubmitButton>{t('create.submit')}</SubmitButton>
            </div>
          </Form>
        </div>
      ) : (
        <Empty icon="lock" title={t('organize.denied')} hint={t('organize.deniedHint')} />
      )}
    </div>
  );
}
