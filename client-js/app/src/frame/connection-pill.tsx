import { connection } from '../state/connection';
import { now } from '../state/clock';
import { t } from '../texts';
import { place } from '../router';

/** Quiet while all is well, honest when it is not. `onTryNow` reconnects at once. */
export function ConnectionPill({ onTryNow }: { onTryNow: () => void }) {
  const current = connection.value;
  if (current.state === 'idle') return null;
  return (
    <p class="pill" data-state={current.state} role="status">
      <span class="dot" />
      {current.state === 'waiting' ? (
        <>
          {/* The seconds are for the eye only: heard every second they would be noise. */}
          <Waiting retryAt={current.retryAt} />
          <button type="button" onClick={onTryNow}>
            {t('connection.tryNow')}
          </button>
        </>
      ) : current.state === 'ended' ? (
        <>
          <span>{t('connection.ended')}</span>
          <a href={`/sign-in?next=${encodeURIComponent(place.value.path)}`}>{t('connection.signIn')}</a>
        </>
      ) : (
        <span>{t(`connection.${current.state}`)}</span>
      )}
    </p>
  );
}

function Waiting({ retryAt }: { retryAt: number }) {
  // Reading the clock draws this again each second; the moment itself is in this device's time.
  const seconds = now.value ? Math.max(1, Math.ceil((retryAt - Date.now()) / 1000)) : 1;
  return (
    <>
      <span aria-hidden="true">{t('connection.waiting', { count: seconds })}</span>
      <span class="visually-hidden">{t('connection.connecting')}</span>
    </>
  );
}
