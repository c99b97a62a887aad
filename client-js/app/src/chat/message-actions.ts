import type { Message } from 'plenary-client';
import { live } from '../hub/live';
import { openDialog } from '../shell/dialogs';
import { menuItems } from '../shell/registry';
import { hubTime } from '../hub/clock';
import { notify } from '../ui/notices';
import { t } from './texts';
import { problemText } from '../ui/empty';
import type { MenuItem } from '../ui/menu';
import type { Talk } from './talk';

/** Authors can edit their messages for a day. */
const editable = 24 * 3_600_000;

const failed = (problem: unknown): void => notify(problemText(problem), { tone: 'danger' });

/** The actions on a message that its reader may do. */
export function messageActions(talk: Talk, message: Message): MenuItem[] {
  const channel = talk.view.channel.value;
  const current = live.value;
  const self = current?.hello.value?.person.id;
  if (!channel || !current) return [];
  const own = message.sender.id === self;
  const items: MenuItem[] = [];
  const mayWrite = !current.readOnly.value;

  if (!message.deleted) {
    if (mayWrite) {
      items.push({
        label: t('chat.reply'),
        icon: 'reply',
        run: () => {
          talk.draft.value = { kind: 'reply', to: message };
          talk.compose();
        },
      });
    }
    items.push({ label: t('chat.copy'), icon: 'copy', run: () => void navigator.clipboard.writeText(message.text ?? '').then(() => notify(t('chat.copied')), failed) });
    if (own && mayWrite && hubTime() - message.sent_at < editable) {
      items.push({
        label: t('chat.edit'),
        icon: 'edit',
        run: () => {
          talk.draft.value = { kind: 'edit', message };
          talk.compose();
        },
      });
    }
    if (talk.moderator) {
      const pinned = message.pinned_at !== undefined;
      items.push({ label: pinned ? t('chat.unpin') : t('chat.pin'), icon: 'pin', apart: true, run: () => void channel.pin(message.seq, !pinned).catch(failed) });
      items.push({
        label: t('chat.delete'),
        icon: 'trash',
        danger: true,
        run: () =>
          void channel
            .delete(message.seq)
            .then(() => notify(t('chat.deleted'), { action: { label: t('action.undo'), run: () => void channel.restore(message.seq).catch(failed) } }), failed),
      });
    } else if (own && mayWrite) {
      items.push({ label: t('chat.delete'), icon: 'trash', danger: true, apart: true, run: () => openDialog('deleteMessage', { channel, seq: message.seq }) });
    }
  } else if (talk.moderator) {
    items.push({ label: t('chat.restore'), icon: 'undo', run: () => void channel.restore(message.seq).catch(failed) });
  }
  return [...items, ...menuItems('message', { talk, message })];
}
