import type { Message } from 'plenary-client';
import { live } from '../hub/live';
import { notify } from '../ui/notices';
import { t } from './texts';
import { problemText } from '../ui/empty';
import type { Talk } from './talk';

/** Adds the reader's own reaction, or takes it back. */
export function react(talk: Talk, message: Message, emoji: string): void {
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
