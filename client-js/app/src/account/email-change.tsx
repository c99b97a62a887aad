import { useSignal } from '@preact/signals';
import type { Me } from 'plenary-client/rest';
import { api } from '../hub/api';
import { me } from '../hub/me';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { notify } from '../ui/notices';
import { CodeForm } from './code-form';
import { CurrentPassword, orProve, StillYou, type Waiting } from './still-you';
import { t } from './texts';

/** Another address: the person shows that it is them, and then that the new mailbox is theirs. */
export function EmailChange({ person }: { person: Me }) {
  const sent = useSignal<{ email: string; request: string } | undefined>(undefined);
  const waiting: Waiting = useSignal(undefined);
  const typed = useSignal(person.email ?? '');
  const change = async (current?: string): Promise<void> => {
    const email = typed.value.trim();
    const { request } = await api.put('/me/email', { body: { email, ...(current ? { current } : {}) } });
    sent.value = { email, request };
  };
  return (
    <div class="stack">
      <Form onSubmit={(data) => orProve(waiting, () => change(String(data.get('current') ?? '')))}>
        <TextField
          name="email"
          type="email"
          label={t('profile.email')}
          {...(person.email_confirmed ? {} : { hint: t('profile.emailUnconfirmed') })}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
          autocomplete="email"
          required
        />
        <CurrentPassword person={person} onForgotten={() => (waiting.value = change)} />
        <div>
          <SubmitButton tone="secondary">{t('profile.emailChange')}</SubmitButton>
        </div>
      </Form>
      <StillYou person={person} waiting={waiting} />
      {sent.value && (
        <div class="account-prove stack-small">
          <p role="status">{t('profile.emailSent', { email: sent.value.email })}</p>
          <CodeForm
            key={sent.value.request}
            request={sent.value.request}
            path="/email/confirm"
            action={t('link.confirm_emailDo')}
            onDone={async (changed) => {
              me.value = changed;
              sent.value = undefined;
              notify(t('profile.emailDone'));
            }}
          />
        </div>
      )}
    </div>
  );
}
