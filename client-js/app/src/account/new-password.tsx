import { api } from '../hub/api';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { arriveAs } from './arrive';
import { t } from './texts';

/** Chooses a password with a mailed link. */
export function NewPassword({ token, replace, email }: { token: string; replace: boolean; /** For password managers. */ email: string }) {
  return (
    <Form
      onSubmit={async (data) => {
        const body = { token, replace, password: String(data.get('password')) };
        await arriveAs(await api.post('/password-reset/redeem', { body }), undefined);
      }}
    >
      <input type="hidden" name="username" autocomplete="username" value={email} />
      <TextField name="password" type="password" label={t('reset.password')} hint={t('reset.passwordHint')} autocomplete="new-password" minLength={10} required />
      <SubmitButton>{t('reset.submit')}</SubmitButton>
    </Form>
  );
}
