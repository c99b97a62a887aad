import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { eventStore } from '../hub/event';
import { ButtonLink } from '../ui/button';
import { Form } from '../ui/form';
import { SubmitButton } from '../ui/inputs';
import { PageHeading } from '../ui/page';
import { Welcome } from '../welcome';
import { typedEmail } from './asked';
import { EmailField } from './email-field';
import { pageFor, type Goal } from './goal';
import { t } from './texts';

/** Asks for a link with which to choose a new password. */
export function ResetPassword({ goal }: { goal: Goal }) {
  const sentTo = useSignal<string | undefined>(undefined);
  const event = goal.event ? eventStore(goal.event).event.value?.title : undefined;
  const heading = sentTo.value ? t('signIn.sent') : t('reset.title');
  return (
    <Welcome slug={goal.event}>
      <header class="stack-small">
        <PageHeading title={heading} event={event}>
          {heading}
        </PageHeading>
        {!sentTo.value && <p class="soft">{t('reset.lead')}</p>}
      </header>
      <div class="card stack">
        {sentTo.value ? (
          <p role="status">{t('reset.sentHint', { email: sentTo.value })}</p>
        ) : (
          <Form
            onSubmit={async () => {
              const email = typedEmail.value.trim();
              await api.post('/password-reset', { body: { email } });
              sentTo.value = email;
            }}
          >
            <EmailField />
            <SubmitButton>{t('reset.send')}</SubmitButton>
          </Form>
        )}
      </div>
      <p>
        <ButtonLink tone="quiet" href={pageFor('/sign-in', goal)}>
          {t('reset.back')}
        </ButtonLink>
      </p>
    </Welcome>
  );
}
