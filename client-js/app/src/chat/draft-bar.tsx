import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { t } from './texts';
import type { Talk } from './talk';

export default function DraftBar({ talk }: { talk: Talk }) {
  const draft = talk.draft.value;
  if (!draft) return null;
  const message = draft.kind === 'reply' ? draft.to : draft.message;
  return (
    <div class="chat-draft small">
      <Icon name={draft.kind === 'reply' ? 'reply' : 'edit'} />
      <p>
        <strong>{draft.kind === 'reply' ? t('chat.replyingTo', { name: message.sender.name }) : t('chat.editing')}</strong> <span class="soft">{message.text}</span>
      </p>
      <IconButton small icon="close" label={t('action.cancel')} onClick={() => (talk.draft.value = undefined)} />
    </div>
  );
}
