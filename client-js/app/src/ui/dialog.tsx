import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../texts';
import { IconButton } from './button';
import './styles/dialog.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}

/**
 * A modal dialog for as long as it is drawn: the browser keeps the focus inside, Escape closes it, and the focus
 * returns to where it was.
 */
export function Dialog({ title, onClose, children, wide }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  /** Pressed and released outside: selecting text may end there, and must not close what one writes in. */
  const outside = useRef(false);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    // The first input, or else the first button, rather than the cross in the corner.
    element?.querySelector<HTMLElement>('input, select, textarea, .dialog-actions button')?.focus();
    return () => {
      element?.close();
      // What opened it may be gone by now, a message for example: the page's content has the focus then.
      (before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main'))?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      data-wide={wide || undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => (outside.current = event.target === event.currentTarget)}
      onMouseUp={(event) => (outside.current &&= event.target === event.currentTarget)}
      onClick={() => outside.current && onClose()}
    >
      <div class="dialog-body">
        <header class="dialog-header">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t('action.close')} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
