import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import { Button } from '../ui/button';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { notify } from '../ui/notices';
import { arriveAs } from './arrive';
import { asked, type Asked } from './asked';
import { CodeForm } from './code-form';
import { NeedsCookies } from './cookies-blocked';
import { t } from './texts';
import './account.css';

interface MailSentProps {
  mail: Asked;
  /** What was asked for, and what the mail is good for. */
  children: ComponentChildren;
  action: string;
  /** Asks for the same mail once more. */
  again?: () => Promise<unknown>;
}

/** A mail is on its way: where to look, and the code for people who read it on another device. */
export function MailSent({ mail, children, action, again }: MailSentProps) {
  const busy = useSignal(false);
  const repeat = async (): Promise<void> => {
    busy.value = true;
    try {
      await again?.();
      notify(t('sent.again'));
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
    busy.value = false;
  };
  return (
    <NeedsCookies>
      <div class="card stack">
        <div class="account-sent" role="status">
          <span class="account-sent-icon">
            <Icon name="message" />
          </span>
          <div class="stack-small">
            <p class="account-address">{mail.email}</p>
            {children}
          </div>
        </div>
        <div class="account-or stack-small">
          <p class="soft">{t('code.hint')}</p>
          <CodeForm key={mail.request} request={mail.request} path="/sign-in/link/redeem" action={action} onDone={(person) => arriveAs(person, mail.next)} />
        </div>
      </div>
      <p class="soft small">{t('sent.missing')}</p>
      <div class="row">
        {again && (
          <Button busy={busy.value} onClick={() => void repeat()}>
            {t('sent.repeat')}
          </Button>
        )}
        <Button tone="quiet" onClick={() => (asked.value = undefined)}>
          {t('signIn.again')}
        </Button>
      </div>
    </NeedsCookies>
  );
}
