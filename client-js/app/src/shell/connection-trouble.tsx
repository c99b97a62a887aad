import { signal } from '@preact/signals';
import { live } from '../hub/live';
import { place } from '../lib/router';
import { now } from '../hub/clock';
import { t } from './labels';

const online = signal(navigator.onLine);
addEventListener('online', () => (online.value = true));
addEventListener('offline', () => (online.value = false));

/** The hub has ended this browser's sign-in: the person has to sign in again. */
const signInIsOver = (reason: string): boolean => reason === 'sign_in.ended' || reason === 'sign_in.required';

/** Why there is no connection, and what to do. */
export default function ConnectionTrouble() {
  const current = live.value;
  const state = current?.connection.value;
  if (!current || !state) return null;
  const offline = state.status === 'waiting' && !online.value;
  return (
    <p class="pill" data-state={offline ? 'offline' : state.status} role="status">
      <span class="dot" />
      {state.status === 'connecting' && t('connection.connecting')}
      {state.status === 'waiting' && (
        <>
          {online.value ? <Waiting retryAt={state.retryAt} /> : t('connection.offline')}
          {!state.told && online.value && (
            <button type="button" onClick={() => current.connect()}>
              {t('connection.tryNow')}
            </button>
          )}
        </>
      )}
      {state.status === 'closed' &&
        (signInIsOver(state.reason) ? (
          <>
            {t('connection.ended')}
            <a href={`/sign-in?next=${encodeURIComponent(place.value.path)}`}>{t('connection.signIn')}</a>
          </>
        ) : (
          <>
            {t('connection.stopped')}
            {/* Trying does not end a ban. */}
            {state.reason !== 'moderation.banned' && (
              <button type="button" onClick={() => current.connect()}>
                {t('connection.tryNow')}
              </button>
            )}
          </>
        ))}
    </p>
  );
}

function Waiting({ retryAt }: { retryAt: number }) {
  // Reading the clock re-renders this each second; the moment itself is in this device's time.
  const seconds = now.value ? Math.max(1, Math.ceil((retryAt - Date.now()) / 1000)) : 1;
  return (
    <>
      {/* The seconds are for the eye only: heard every second they would be noise. */}
      <span aria-hidden="true">{t('connection.waiting', { count: seconds })}</span>
      <span class="visually-hidden">{t('connection.connecting')}</span>
    </>
  );
}
