import { announcements, dismiss, toasts } from './notices';
import { t } from '../texts';
import { IconButton } from './button';

/** Notices, and the live region for screen readers. Both are in the page from the start. */
export function Toasts() {
  return (
    <>
      <div class="toasts" role="region" aria-label={t('toasts.label')}>
        <div role="status" aria-live="polite" class="toasts-list">
          {toasts.value.map((toast) => (
            <div class="toast" data-tone={toast.tone} key={toast.id}>
              <span>{toast.text}</span>
              {toast.action && (
                <button
                  type="button"
                  class="toast-action"
                  onClick={() => {
                    toast.action?.run();
                    dismiss(toast.id);
                  }}
                >
                  {toast.action.label}
                </button>
              )}
              <IconButton small icon="close" label={t('action.close')} onClick={() => dismiss(toast.id)} />
            </div>
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
