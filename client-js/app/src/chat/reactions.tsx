import type { Message } from 'plenary-client';
import { live } from '../hub/live';
import { notify } from '../ui/notices';
import { t } from './texts';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import type { Talk } from './talk';

/** The common ones; a message can have twelve different ones. */
const emojis = ['👍', '❤️', '😂', '🎉', '👏', '🙏', '🤔', '😮', '😢', '🔥', '💯', '👀'] as const;

function react(talk: Talk, message: Message, emoji: string): void {
  const channel = talk.view.channel.value;
  if (!channel) return;
  const on = !channel.ownReactions(message.seq).includes(emoji);
  channel.react(message.seq, emoji, on).catch((problem: unknown) => notify(problemText(problem), { tone: 'danger' }));
}

/** How many people reacted with what; the reader's own are marked and can be removed. */
export function Reactions({ talk, message, tabIndex }: { talk: Talk; message: Message; tabIndex: number }) {
  const counts = Object.entries(message.reactions ?? {});
  if (!counts.length) return null;
  // The reader's own reactions arrive without a change of the message.
  const own = talk.view.updates.value ? (talk.view.channel.value?.ownReactions(message.seq) ?? []) : [];
  const readOnly = live.value?.readOnly.value ?? false;
  return (
    <div class="chat-reactions">
      {counts.map(([emoji, count]) => (
        <button
          type="button"
          key={emoji}
          class="chat-reaction"
          tabIndex={tabIndex}
          disabled={readOnly}
          aria-pressed={own.includes(emoji)}
          aria-label={t('chat.reaction', { emoji, count })}
          onClick={() => react(talk, message, emoji)}
        >
          <span aria-hidden="true">
            {emoji} {count}
          </span>
        </button>
      ))}
    </div>
  );
}

/** A button with the emoji to choose from. */
export function ReactionPicker({ talk, message, tabIndex }: { talk: Talk; message: Message; tabIndex: number }) {
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
