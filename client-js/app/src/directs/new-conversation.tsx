import { useSignal } from '@preact/signals';
import { live } from '../hub/live';
import { PersonPicker } from '../people';
import { writeTo } from './store';
import type { Dialogs } from '../shell/manifest';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';

/** Chooses recipients. The same people always lead to the same conversation. */
export default function NewConversation({ store, onClose }: Dialogs['newConversation'] & { onClose: () => void }) {
  const chosen = useSignal<readonly Card[]>([]);
  const busy = useSignal(false);
  const most = (live.value?.hello.value?.limits.group_size ?? 8) - 1;
  const start = async (): Promise<void> => {
    busy.value = true;
    onClose();
    await writeTo(chosen.value.map((person) => person.id));
  };
  return (
    <Dialog title={t('messages.new')} onClose={onClose}>
      <PersonPicker store={store} chosen={chosen} most={most} />
      <div class="dialog-actions">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button tone="primary" disabled={!chosen.value.length} busy={busy.value} onClick={() => void start()}>
          {t('messages.start')}
        </Button>
      </div>
    </Dialog>
  );
}
