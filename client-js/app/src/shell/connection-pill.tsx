import { useEffect } from 'preact/hooks';
import { live } from '../hub/live';
import { t } from './labels';
import { Lazy } from './lazy';

/** Fetched beside the page, while there is a connection. */
const trouble = () => import('./connection-trouble');

/** The state of the connection: unobtrusive while it works. */
export function ConnectionPill() {
  useEffect(() => void trouble().catch(() => undefined), []);
  const state = live.value?.connection.value;
  if (!state || state.status === 'idle') return null;
  const pill = (
    <p class="pill" data-state={state.status} role="status">
      <span class="dot" />
      {state.status === 'open' && <span class="pill-text">{t('connection.connected')}</span>}
    </p>
  );
  return state.status === 'open' ? pill : <Lazy load={trouble} props={{}} waiting={pill} />;
}
