import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { navigate, place, safeNext } from '../lib/router';
import { me } from '../hub/me';
import { t } from './texts';
import { Button, ButtonLink } from '../ui/button';
import { Empty } from '../ui/empty';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { useFragmentToken } from './token';
import { arriveAs } from './arrive';

function LinkForm({ event, next, onSent }: { event: string | null; next: string | null; onSent: (email: string) => void }) {
  return (
    <Form
      onSubmit={async (data) => {
        const email = String(data.get('email')).trim();
        await api.post('/sign-in/link', { body: { email, event, next: next && safeNext(next, '/') } });
        onSent(email);
      }}
    >
      <TextField name="email" type="email" label={t('signIn.email')} autocomplete="email" required />
      <SubmitButton>{t('signIn.sendLink')}</SubmitButton>
    </Form>
  );
}

function PasswordForm({ next }: { next: string | null }) {
  return (
    <Form
      onSubmit={async (data) => {
        const body = { email: String(data.get('email')).trim(), password: String(data.get('password')) };
        const person = await api.post('/sign-in/password', { body });
        arriveAs(person, next);
      }}
    >
      <TextField name="email" type="email" label={t('signIn.email')} autocomplete="username" required />
      <TextField name="password" type="password" label={t('signIn.password')} autocomplete="current-password" required />
      <SubmitButton>{t('signIn.submit')}</SubmitButton>
      <a href="/reset-password">{t('signIn.forgot')}</a>
    </Form>
  );
}

function Redeem({ token, next }: { token: string; next: string | null }) {
  const failed = useSignal(false);
  useEffect(() => {
    api.post('/sign-in/link/redeem', { body: { token } }).then(
      (person) => arriveAs(person, next),
      () => (failed.value = true),
    );
  }, []);
  if (!failed.value) {
    return (
      <>
        <PageHeading title={t('signIn.title')}>{t('signIn.redeeming')}</PageHeading>
        <Skeleton lines={2} />
      </>
    );
  }
  return (
    <Empty icon="ticket" title={t('signIn.linkFailed')} hint={t('signIn.linkFailedHint')}>
      <PageHeading class="visually-hidden" title={t('signIn.linkFailed')}>
        {t('signIn.linkFailed')}
      </PageHeading>
      {me.value && (
        <Button tone="primary" onClick={() => navigate(safeNext(next, '/'))}>
          {t('confirm.continue')}
        </Button>
      )}
      <ButtonLink href="/sign-in" onClick={() => location.assign('/sign-in')}>
        {t('signIn.title')}
      </ButtonLink>
    </Empty>
  );
}

/** By mailed link or by password; a link's token is in the fragment, which is never sent to servers. */
export default function SignIn() {
  const search = new URLSearchParams(place.value.search);
  const next = search.get('next');
  const token = useFragmentToken();
  const sentTo = useSignal<string | undefined>(undefined);
  const byPassword = useSignal(false);

  if (token) {
    return (
      <div class="narrow stack">
        <Redeem key={token} token={token} next={next} />
      </div>
    );
  }
  if (sentTo.value) {
    return (
      <div class="narrow stack">
        <PageHeading title={t('signIn.sent')}>{t('signIn.sent')}</PageHeading>
        <p role="status">{t('signIn.sentHint', { email: sentTo.value })}</p>
        <p>
          <Button onClick={() => (sentTo.value = undefined)}>{t('signIn.again')}</Button>
        </p>
      </div>
    );
  }
  return (
    <div class="narrow stack">
      <PageHeading title={t('signIn.title')}>{t('signIn.title')}</PageHeading>
      {!byPassword.value && <p class="soft">{t('signIn.lead')}</p>}
      <div class="card stack">
        {byPassword.value ? <PasswordForm next={next} /> : <LinkForm event={search.get('event')} next={next} onSent={(email) => (sentTo.value = email)} />}
      </div>
      <Button tone="quiet" onClick={() => (byPassword.value = !byPassword.value)}>
        {byPassword.value ? t('signIn.withLink') : t('signIn.withPassword')}
      </Button>
    </div>
  );
}
