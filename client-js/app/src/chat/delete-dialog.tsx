import type { Dialogs } from '../shell/manifest';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Form } from '../ui/form';
import { SubmitButton } from '../ui/inputs';
import { t } from './texts';

/** Authors cannot undo deleting a message, so it needs a confirmation. */
export default function DeleteDialog({ channel, seq, onClose }: Dialogs['deleteMessage'] & { onClose: () => void }) {
  return (
    <Dialog title={t('chat.deleteTitle')} onClose={onClose}>
      <p class="soft">{t('chat.deleteHint')}</p>
      <Form onSubmit={() => channel.delete(seq).then(onClose)}>
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <SubmitButton tone="danger">{t('chat.delete')}</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
