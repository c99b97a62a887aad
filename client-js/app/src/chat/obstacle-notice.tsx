import type { ComponentChildren } from 'preact';
import type { Sanction } from 'plenary-client/rest';
import { live } from '../hub/live';
import { now } from '../hub/clock';
import { Icon, type IconName } from '../ui/icon';
import { spokenWait, waitText } from '../ui/wait';
import type { Obstacle } from './obstacle';
import { t } from './texts';

function Notice({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="chat-composer-notice small" role="status">
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

/** Why nothing can be written here now, in place of the composer. */
export default function ObstacleNotice({ obstacle }: { obstacle: Obstacle }) {
  if (obstacle === 'banned') return <Notice icon="ban">{t('chat.banned')}</Notice>;
  if (obstacle === 'locked') return <Notice icon="lock">{t('chat.locked')}</Notice>;
  if (obstacle !== 'read-only') return <TimedOut timeOut={obstacle} />;
  const current = live.value;
  return (
    <Notice icon="info">
      {t('chat.readOnly')} {current?.hello.value?.person.badge === 'guest' && <a href={current.store.link('register')}>{t('chat.register')}</a>}
    </Notice>
  );
}

function TimedOut({ timeOut: { created_at, expires_at, reason } }: { timeOut: Sanction }) {
  // What is left is never more than was given, whatever this device's clock says.
  const from = Math.max(now.value, created_at);
  return (
    <Notice icon="clock">
      {expires_at !== undefined && (
        <>
          <strong aria-hidden="true">{t('chat.timedOut', { time: waitText(from, expires_at) })} </strong>
          <span class="visually-hidden">{t('chat.timedOut', { time: spokenWait(from, expires_at) })}</span>
        </>
      )}
      {reason && t('chat.timedOutReason', { reason })}
    </Notice>
  );
}
