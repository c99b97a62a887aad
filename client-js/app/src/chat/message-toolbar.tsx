import type { Message } from 'plenary-client';
import { live } from '../hub/live';
import { t } from './texts';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { react } from './reactions';
import type { Talk } from './talk';

/** The common ones; a message can have twelve different ones. */
const emojis = ['👍', '❤️', '😂', '🎉', '👏', '🙏', '🤔', '😮', '😢', '🔥', '💯', '👀'] as const;

/** A button with the emoji to choose from. */
function ReactionPicker({ talk, message, tabIndex }: { talk: Talk; message: Message; tabIndex: number }) {
  return (
    <Menu
      class="icon-button"
      label={t('chat.addReaction')}
      tabIndex={tabIndex}
      layout="grid"
      items={() => emojis.map((emoji) => ({ label: emoji, run: () => react(talk, message, emoji) }))}
    >
      <Icon name="smile" />
    </Menu>
  );
}

/** What can be done with a message, shown beside it under the pointer or the focus. */
export function MessageToolbar({ talk, message, tabIndex }: { talk: Talk; message: Message; tabIndex: number }) {
  const name = message.sender.name;
  const mayWrite = !live.value?.readOnly.value;
  return (
    <div class="chat-message-toolbar">
      {mayWrite && !message.deleted && (
        <>
          <ReactionPicker talk={talk} message={message} tabIndex={tabIndex} />
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
