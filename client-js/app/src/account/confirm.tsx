import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { me } from '../hub/me';
import { t } from './texts';
import { ButtonLink } from '../ui/button';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { useFragmentToken } from './token';

/** The mailed link that proves an address. */
export default function Confirm() {
  const outcome = useSignal<'working' | 'done' | 'failed'>('working');
  const token = useFragmentToken();
  useEffect(() => {
    outcome.value = token ? 'working' : 'failed';
    if (!token) return;
    api.post('/email/confirm', { body: { token } }).then(
      (person) => {
        me.value = person;
        outcome.value = 'done';
      },
      () => (outcome.value = 'failed'),
    );
  }, [token]);

  const title = t(`confirm.${outcome.value}`);
  return (
    <div class="narrow stack">
      <PageHeading title={title}>{title}</PageHeading>
      {outcome.value === 'working' && <Skeleton lines={2} />}
      {outcome.value === 'done' && <p role="status">{t('confirm.doneHint', { email: me.value?.email ?? '' })}</p>}
      {outcome.value === 'failed' && <p role="alert">{t('confirm.failedHint')}</p>}
      {outcome.value !== 'working' && (
        <p>
          <ButtonLink href="/" tone="primary">
            {t('confirm.continue')}
          </ButtonLink>
        </p>
      )}
    </div>
  );
}
