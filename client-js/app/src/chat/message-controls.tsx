import type { ChatMessage, Message } from 'plenary-client';
import { live } from '../hub/live';
import { t } from './texts';
import { Button, IconButton } from '../ui/button';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import type { Talk } from './talk';
import './message-controls.css';

/** The common ones; a message can have twelve different ones. */
const emojis = ['👍', '❤️', '😂', '🎉', '👏', '🙏', '🤔', '😮', '😢', '🔥', '💯', '👀'] as const;

/** A button with the emoji to choose from. */
function ReactionPicker({ onReact, tabIndex }: { onReact: (emoji: string) => void; tabIndex: number }) {
  return (
    <Menu
      class="icon-button"
      label={t('chat.addReaction')}
      tabIndex={tabIndex}
      layout="grid"
      items={() => emojis.map((emoji) => ({ label: emoji, run: () => onReact(emoji) }))}
    >
      <Icon name="smile" />
    </Menu>
  );
}

/** What can be done with a message, shown beside it under the pointer or the focus. */
export function MessageToolbar({ talk, message, onReact, tabIndex }: { talk: Talk; message: Message; onReact: (emoji: string) => void; tabIndex: number }) {
  const name = message.sender.name;
  const mayWrite = !live.value?.readOnly.value;
  return (
    <div class="chat-message-toolbar">
      {mayWrite && !message.deleted && (
        <>
          <ReactionPicker onReact={onReact} tabIndex={tabIndex} />
          <IconButton
            small
            icon="reply"
            label={t('chat.reply')}
            tabIndex={tabIndex}
            onClick={() => {
              talk.draft.value = { kind: 'reply', to: message };
              talk.compose();
            }}
          />
        </>
      )}
      <Menu class="icon-button chat-message-more" label={t('chat.actions', { name })} tabIndex={tabIndex} items={async () => (await import('./message-actions')).messageActions(talk, message)}>
        <Icon name="more" />
      </Menu>
    </div>
  );
}

/** Why a message was not sent, and what to do with it. */
export function FailedMessage({ talk, message }: { talk: Talk; message: Extract<ChatMessage, { pending: string }> }) {
  const channel = talk.view.channel.value;
  return (
    <div class="chat-message-state chat-message-failed" role="alert">
      <p class="small">
        <Icon name="warning" /> {t('chat.failed')} {problemText(message.error)}
      </p>
      <div class="row">
        <Button small icon="undo" onClick={() => void channel?.retry(message.client_id).catch(() => undefined)}>
          {t('chat.retry')}
        </Button>
        <Button small tone="quiet" onClick={() => channel?.discard(message.client_id)}>
          {t('chat.discard')}
        </Button>
      </div>
    </div>
  );
}
