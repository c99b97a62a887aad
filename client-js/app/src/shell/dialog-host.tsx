import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { closeDialog, currentDialog } from '../ui/dialogs';
import { notify } from '../ui/notices';
import { t } from '../texts';

/** Fetches the dialogs when the first one is opened: most people never open one. */
export function DialogHost() {
  const dialogs = useSignal<{ Dialogs: ComponentType } | undefined>(undefined);
  const wanted = currentDialog.value !== undefined;
  useEffect(() => {
    if (!wanted || dialogs.value) return;
    import('./dialogs').then(
      (module) => (dialogs.value = module),
      () => {
        closeDialog();
        notify(t('problem.network'), { tone: 'danger' });
      },
    );
  }, [wanted]);
  const Dialogs = dialogs.value?.Dialogs;
  return wanted && Dialogs ? <Dialogs /> : null;
}
