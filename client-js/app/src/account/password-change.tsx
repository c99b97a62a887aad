import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Me } from 'plenary-client/rest';
import { api } from '../hub/api';
import { loadMe } from '../hub/me';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { notify } from '../ui/notices';
import { CurrentPassword, orProve, StillYou, type Waiting } from './still-you';
import { t } from './texts';

/** A password, or another one. */
export function PasswordChange({ person }: { person: Me }) {
  const waiting: Waiting = useSignal(undefined);
  const form = useRef<HTMLDivElement>(null);
  const typed = useSignal('');
  const change = async (current?: string): Promise<void> => {
    await api.put('/me/password', { body: { password: typed.value, ...(current ? { current } : {}) } });
    typed.value = '';
    form.current?.querySelector('form')?.reset();
    notify(t('profile.passwordDone'));
    await loadMe();
  };
  return (
    <div class="stack" ref={form}>
      <Form onSubmit={(data) => orProve(waiting, () => change(String(data.get('current') ?? '')))}>
        <CurrentPassword person={person} onForgotten={() => (waiting.value = change)} />
        <TextField
          name="password"
          type="password"
          label={t('profile.passwordNew')}
          hint={person.has_password ? t('reset.passwordHint') : t('profile.passwordNone')}
          autocomplete="new-password"
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
          minLength={10}
          required
        />
        <div>
          <SubmitButton tone="secondary">{t('profile.passwordSet')}</SubmitButton>
        </div>
      </Form>
      <StillYou person={person} waiting={waiting} />
    </div>
  );
}
