import { closeDialog, currentDialog } from '../ui/dialogs';
import { SanctionDialog } from '../moderation/sanction-dialog';
import { t } from '../texts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Form } from '../ui/form';
import { SubmitButton } from '../ui/inputs';
import { KeysDialog } from './keys-dialog';

/** The dialog that a menu has opened. */
export function Dialogs() {
  const dialog = currentDialog.value;
  if (!dialog) return null;
  switch (dialog.kind) {
    case 'keys':
      return <KeysDialog onClose={closeDialog} />;
    case 'time_out':
    case 'ban':
      return <SanctionDialog kind={dialog.kind} person={dialog.person} room={dialog.room} onClose={closeDialog} />;
    case 'delete':
      return (
        <Dialog title={t('chat.deleteTitle')} onClose={closeDialog}>
          <p class="soft">{t('chat.deleteHint')}</p>
          <Form onSubmit={() => dialog.channel.delete(dialog.seq).then(closeDialog)}>
            <div class="dialog-actions">
              <Button onClick={closeDialog}>{t('action.cancel')}</Button>
              <SubmitButton tone="danger">{t('chat.delete')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      );
  }
}
