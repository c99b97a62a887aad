import { IconButton } from './button';
import { dismiss, type Toast as Notice } from './notices';
import { t } from '../texts';
import './styles/toasts.css';

/** One notice, which goes by itself or when it is dismissed. */
export default function Toast({ toast }: { toast: Notice }) {
  return (
    <div class="toast" data-tone={toast.tone}>
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
  );
}
