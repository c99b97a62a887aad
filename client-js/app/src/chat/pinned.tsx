import { useSignal } from '@preact/signals';
import { t } from './texts';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { notify } from '../ui/notices';
import { problemText } from '../ui/empty';
import type { Talk } from './talk';
import { MessageText } from './message-text';

/** Pinned messages above the log: the newest in one line, all of them when expanded. */
export default function Pinned({ talk }: { talk: Talk }) {
  const open = useSignal(false);
  const pinned = (talk.view.state.value?.pinned ?? []).filter((message) => !message.deleted);
  const newest = pinned.at(-1);
  if (!newest) return null;
  return (
    <section class="chat-pinned gives-way" aria-label={t('chat.pinnedCount', { count: pinned.length })}>
      <button type="button" class="chat-pinned-bar" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <Icon name="pin" />
        <span class="chat-pinned-line">{open.value ? t('chat.pinnedCount', { count: pinned.length }) : `${newest.sender.name}: ${newest.text ?? ''}`}</span>
        {!open.value && pinned.length > 1 && <span class="badge">{pinned.length}</span>}
        <Icon name="down" />
      </button>
      {open.value && (
        <ul class="chat-pinned-list">
          {pinned.toReversed().map((message) => (
            <li key={message.seq} class="chat-pinned-item">
              <div>
                <strong class="small">{message.sender.name}</strong>
                <MessageText text={message.text ?? ''} />
              </div>
              {talk.moderator && (
                <IconButton
                  small
                  icon="close"
                  label={t('chat.unpin')}
                  onClick={() => void talk.view.channel.value?.pin(message.seq, false).catch((problem: unknown) => notify(problemText(problem), { tone: 'danger' }))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
