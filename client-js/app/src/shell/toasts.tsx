import { useEffect } from 'preact/hooks';
import { Lazy } from './lazy';
import { t } from '../texts';
import { announcements, toasts } from '../ui/notices';

/** Fetched beside the page. */
const toastItem = () => import('../ui/toast');

/** Notices, and the live region for screen readers. Both are in the page from the start. */
export function Toasts() {
  useEffect(() => void toastItem().catch(() => undefined), []);
  return (
    <>
      <div class="toasts" role="region" aria-label={t('toasts.label')}>
        <div role="status" aria-live="polite" class="toasts-list">
          {toasts.value.map((toast) => (
            <Lazy key={toast.id} load={toastItem} props={{ toast }} waiting={toast.text} />
          ))}
        </div>
      </div>
      <div class="visually-hidden" role="status" aria-live="polite" aria-atomic="false">
        {announcements.value.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </div>
    </>
  );
}
