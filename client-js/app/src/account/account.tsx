import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { loadMe, me } from '../hub/me';
import { notify } from '../ui/notices';
import { t } from './texts';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';

/** Address and password. */
export default function Account() {
  const person = me.value;
  const sentTo = useSignal<string | undefined>(undefined);
  if (!person) return null;
  return (
    <section class="card stack" aria-labelledby="account">
      <h2 id="account">{t('profile.account')}</h2>
      <div class="account-columns">
        <Form
          onSubmit={async (data) => {
            const email = String(data.get('email')).trim();
            await api.put('/me/email', { body: { email } });
            sentTo.value = email;
          }}
        >
          <TextField
            name="email"
            type="email"
            label={t('profile.email')}
            {...(person.email_confirmed ? {} : { hint: t('profile.emailUnconfirmed') })}
            defaultValue={person.email ?? ''}
            autocomplete="email"
            required
          />
          {sentTo.value && (
            <p role="status" class="small">
              {t('profile.emailSent', { email: sentTo.value })}
            </p>
          )}
          <div>
            <SubmitButton tone="secondary">{t('profile.emailChange')}</SubmitButton>
          </div>
        </Form>
        <Form
          onSubmit={async (data, form) => {
            const current = String(data.get('current') ?? '');
            await api.put('/me/password', { body: { password: String(data.get('password')), ...(current ? { current } : {}) } });
            form.reset();
            notify(t('profile.passwordDone'));
            await loadMe();
          }}
        >
          {person.has_password && <TextField name="current" type="password" label={t('profile.passwordCurrent')} autocomplete="current-password" required />}
          <TextField
            name="password"
            type="password"
            label={t('profile.passwordNew')}
            hint={person.has_password ? t('reset.passwordHint') : t('profile.passwordNone')}
            autocomplete="new-password"
            minLength={10}
            required
          />
          <div>
            <SubmitButton tone="secondary">{t('profile.passwordSet')}</SubmitButton>
          </div>
        </Form>
      </div>
    </section>
  );
}
