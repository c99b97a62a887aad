import { api } from '../hub/api';
import { eventStore } from '../hub/event';
import { navigate } from '../lib/router';
import { Form } from '../ui/form';
import { SubmitButton } from '../ui/inputs';
import { asked, typedEmail } from './asked';
import { EmailField } from './email-field';
import { pageFor, type Goal } from './goal';
import { t } from './texts';
import { forgetToken } from './token';

/** Asks for a mail with a link and a code. */
export async function askForLink(email: string, { next, event }: Goal): Promise<void> {
  const { request } = await api.post('/sign-in/link', { body: { email, event: event ?? null, next: next ?? null } });
  asked.value = { request, email, event, next, at: Date.now() };
}

/** Asks for a mail to sign in with; the sign-in page then waits for its code. */
export function LinkForm({ goal }: { goal: Goal }) {
  return (
    <Form
      onSubmit={async () => {
        await askForLink(typedEmail.value.trim(), goal);
        forgetToken();
        navigate(pageFor('/sign-in', goal), { replace: true });
      }}
    >
      <EmailField />
      <SubmitButton>{t('signIn.sendLink')}</SubmitButton>
    </Form>
  );
}

/** How to take part, for those who have no account yet. */
export function RegisterInstead({ event }: { event: string | undefined }) {
  const store = event ? eventStore(event) : undefined;
  if (!store?.event.value?.registration_open) return null;
  return (
    <p>
      {t('signIn.new')} <a href={store.link('register')}>{t('signIn.register', { event: store.event.value.title })}</a>
    </p>
  );
}
