import { api } from '../hub/api';
import { dateAndTime } from '../lib/format';
import { useResource } from '../lib/signal-hooks';
import { signOut } from '../hub/me';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { OwnSignIn } from 'plenary-client/rest';
import { Button } from '../ui/button';
import { Problem, problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { deviceName } from './device';

/** All browsers that are signed in, each with a way to sign it out. */
export default function SignIns() {
  const list = useResource('sign-ins', (signal) => api.get('/me/sign-ins', { signal }));
  const end = async (signIn: OwnSignIn): Promise<void> => {
    try {
      await api.delete('/me/sign-ins/{id}', { id: signIn.id });
      await list.reload();
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };
  return (
    <section class="card stack" aria-labelledby="sign-ins">
      <h2 id="sign-ins">{t('profile.signIns')}</h2>
      {list.error.value && !list.data.value ? (
        <Problem problem={list.error.value} retry={() => void list.reload()} compact />
      ) : !list.data.value ? (
        <Skeleton lines={2} />
      ) : (
        <ul>
          {list.data.value.items.map((signIn) => {
            const device = deviceName(signIn.user_agent) || t('profile.unknownDevice');
            return (
              <li key={signIn.id} class="account-sign-in">
                <Icon name="screen" />
                <div>
                  <p>
                    <strong>{device}</strong>{' '}
                    {signIn.current && (
                      <span class="badge" data-tone="accent">
                        {t('profile.signInCurrent')}
                      </span>
                    )}
                  </p>
                  <p class="soft small">{[signIn.address, t('profile.signInSeen', { time: dateAndTime(signIn.seen_at) })].filter(Boolean).join(' · ')}</p>
                </div>
                {!signIn.current && (
                  <Button small aria-label={t('profile.signInEnd', { device })} onClick={() => void end(signIn)}>
                    {t('account.signOut')}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <div>
        <Button icon="leave" onClick={() => void signOut(true)}>
          {t('profile.signOutEverywhere')}
        </Button>
      </div>
    </section>
  );
}
