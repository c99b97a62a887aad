import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { cookiesWork } from './cookies';
import { t } from './texts';

/** Its content where the browser keeps cookies; otherwise why nothing can be done here, and what to do about it. */
export function NeedsCookies({ hint, children }: { /** What becomes of the link meanwhile. */ hint?: string; children: ComponentChildren }) {
  const work = useSignal(cookiesWork());
  if (work.value) return <>{children}</>;
  return (
    <div class="account-notice" role="alert">
      <Icon name="warning" />
      <div class="stack-small">
        <p>
          <strong>{t('cookies.blocked')}</strong>
        </p>
        <p>
          {t('cookies.hint', { host: location.host })} {hint}
        </p>
        <p>
          <Button onClick={() => (work.value = cookiesWork())}>{t('cookies.again')}</Button>
        </p>
      </div>
    </div>
  );
}
