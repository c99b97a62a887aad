import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { eventStore } from '../hub/event';
import { place } from '../lib/router';
import { Button } from '../ui/button';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { Welcome } from '../welcome';
import { arriveAs } from './arrive';
import { asked, typedEmail } from './asked';
import { NeedsCookies } from './cookies-blocked';
import { EmailField } from './email-field';
import { goalOf, pageFor, type Goal } from './goal';
import { askForLink, LinkForm, RegisterInstead } from './link-form';
import { MailedLink } from './mailed-link';
import { MailSent } from './mail-sent';
import { ResetPassword } from './reset-password';
import { t } from './texts';
import { useFragmentToken } from './token';
import './account.css';

function PasswordForm({ goal }: { goal: Goal }) {
  return (
    <Form
      onSubmit={async (data) => {
        const body = { email: typedEmail.value.trim(), password: String(data.get('password')) };
        await arriveAs(await api.post('/sign-in/password', { body }), goal.next);
      }}
    >
      <EmailField username />
      <TextField name="password" type="password" label={t('signIn.password')} autocomplete="current-password" required />
      <SubmitButton>{t('signIn.submit')}</SubmitButton>
      <a href={pageFor('/reset-password', goal)}>{t('signIn.forgot')}</a>
    </Form>
  );
}

/** The pages for coming in: what a mailed link does, a new password, and signing in by mail or by password. */
export default function SignIn() {
  const goal = goalOf(place.value.search);
  const token = useFragmentToken();
  const byPassword = useSignal(false);
  const mail = asked.value;
  const title = goal.event ? eventStore(goal.event).event.value?.title : undefined;

  if (token) return <MailedLink key={token} token={token} goal={goal} />;
  if (place.value.path === '/reset-password') return <ResetPassword goal={goal} />;
  if (mail && !mail.registered && mail.event === goal.event) {
    return (
      <Welcome slug={goal.event}>
        <PageHeading title={t('signIn.sent')} event={title}>
          {t('signIn.sent')}
        </PageHeading>
        <MailSent mail={mail} action={t('signIn.submit')} again={() => askForLink(mail.email, goal)}>
          <p>{t('signIn.sentHint')}</p>
        </MailSent>
        <RegisterInstead event={goal.event} />
      </Welcome>
    );
  }
  return (
    <Welcome slug={goal.event}>
      <header class="stack-small">
        <PageHeading title={t('signIn.title')} event={title}>
          {t('signIn.title')}
        </PageHeading>
        <p class="soft">{byPassword.value ? t('signIn.leadPassword') : t('signIn.lead')}</p>
      </header>
      <NeedsCookies>
        <div class="card stack">
          {byPassword.value ? <PasswordForm goal={goal} /> : <LinkForm goal={goal} />}
          <div class="account-instead">
            <Button tone="quiet" onClick={() => (byPassword.value = !byPassword.value)}>
              {byPassword.value ? t('signIn.withLink') : t('signIn.withPassword')}
            </Button>
          </div>
        </div>
      </NeedsCookies>
      <RegisterInstead event={goal.event} />
    </Welcome>
  );
}
