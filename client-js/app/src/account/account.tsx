import { me } from '../hub/me';
import { EmailChange } from './email-change';
import { PasswordChange } from './password-change';
import { t } from './texts';
import './account.css';

/** Address and password. */
export default function Account() {
  const person = me.value;
  if (!person) return null;
  return (
    <section class="card stack" aria-labelledby="account">
      <h2 id="account">{t('profile.account')}</h2>
      <div class="account-columns">
        <EmailChange person={person} />
        <PasswordChange person={person} />
      </div>
    </section>
  );
}
