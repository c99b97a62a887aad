import type { ComponentChildren, JSX } from 'preact';
import { spokenWait, waitText } from '../ui/wait';
import { live } from '../hub/live';
import { now } from '../hub/clock';
import { t } from './texts';
import { Icon, type IconName } from '../ui/icon';
import type { Talk } from './talk';

function Notice({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="chat-composer-notice small" role="status">
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

/** Why nothing can be written here now, in place of the composer; undefined if it can. */
export function useObstacle(talk: Talk): JSX.Element | undefined {
  const current = live.value;
  if (!current) return undefined;
  if (current.standing.value.some((sanction) => sanction.kind === 'ban' && !sanction.room)) return <Notice icon="ban">{t('chat.banned')}</Notice>;
  if (current.readOnly.value) {
    return (
      <Notice icon="info">
        {t('chat.readOnly')} {current.hello.value?.person.badge === 'guest' && <a href={current.store.link('register')}>{t('chat.register')}</a>}
      </Notice>
    );
  }
  // One without a room holds everywhere, in conversations too.
  const timeOut = current.standing.value.find(
    (sanction) => sanction.kind === 'time_out' && (!sanction.room || sanction.room === talk.room) && (sanction.expires_at ?? Infinity) > now.value,
  );
  if (timeOut) {
    return (
      <Notice icon="clock">
        {timeOut.expires_at !== undefined && (
          <>
            <strong aria-hidden="true">{t('chat.timedOut', { time: waitText(Math.max(now.value, timeOut.created_at), timeOut.expires_at) })} </strong>
            <span class="visually-hidden">{t('chat.timedOut', { time: spokenWait(Math.max(now.value, timeOut.created_at), timeOut.expires_at) })}</span>
          </>
        )}
        {timeOut.reason && t('chat.timedOutReason', { reason: timeOut.reason })}
      </Notice>
    );
  }
  if (talk.view.state.value?.room_switches?.locked && !talk.moderator) return <Notice icon="lock">{t('chat.locked')}</Notice>;
  return undefined;
}
