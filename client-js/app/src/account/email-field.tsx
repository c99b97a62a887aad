import { TextField } from '../ui/inputs';
import { typedEmail } from './asked';
import { t } from './texts';

/** The address, kept from form to form. */
export function EmailField({ username }: { /** Beside a password. */ username?: boolean }) {
  return (
    <TextField
      name="email"
      type="email"
      label={t('signIn.email')}
      autocomplete={username ? 'username' : 'email'}
      value={typedEmail.value}
      onInput={(event) => (typedEmail.value = event.currentTarget.value)}
      required
    />
  );
}
