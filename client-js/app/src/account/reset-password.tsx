import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { t } from './texts';
import { ButtonLink } from '../ui/button';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { arriveAs } from './arrive';
import { useFragmentToken } from './token';

/** Requests a link; with the link's token in the fragment, asks for the new password. */
export default function ResetPassword() {
  const token = useFragmentToken();
  const sentTo = useSignal<string | undefined>(undefined);

  if (token) {
    return (
      <div class="narrow stack">
        <PageHeading title={t('reset.title')}>{t('reset.choose')}</PageHeading>
        <div class="card">
          <Form
            onSubmit={async (data) => {
              const person = await api.post('/password-reset/redeem', { body: { token, password: String(data.get('password')) } });
              arriveAs(person, null);
            }}
          >
            <TextField name="password" type="password" label={t('reset.password')} hint={t('reset.passwordHint')} autocomplete="new-password" minLength={10} required />
            <SubmitButton>{t('reset.submit')}</SubmitButton>
          </Form>
        </div>
      </div>
    );
  }
  return (
    <div class="narrow stack">
      <PageHeading title={t('reset.title')}>{sentTo.value ? t('signIn.sent') : t('reset.title')}</PageHeading>
      {sentTo.value ? (
        <p role="status">{t('signIn.sentHint', { email: sentTo.value })}</p>
      ) : (
        <>
          <p class="soft">{t('reset.lead')}</p>
          <div class="card">
            <Form
              onSubmit={async (data) => {
                const email = String(data.get('email')).trim();
                await api.post('/password-reset', { body: { email } });
                sentTo.value = email;
              }}
            >
              <TextField name="email" type="email" label={t('signIn.email')} autocomplete="email" required />
              <SubmitButton>{t('reset.send')}</SubmitButton>
            </Form>
          </div>
        </>
      )}
      <ButtonLink tone="quiet" href="/sign-in">
        {t('signIn.title')}
      </ButtonLink>
    </div>
  );
}
