import { useId, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { ChatMessage } from 'plenary-client';
import { dateAndTime, timeOfDay } from '../lib/format';
import { live } from '../hub/live';
import { t } from './texts';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { BadgeTag, PersonName } from '../people';
import type { Talk } from './talk';
import { MessageText } from './message-text';
import { react, Reactions } from './reactions';

interface MessageRowProps {
  talk: Talk;
  message: ChatMessage;
  /** Continues the previous message: no name, no picture. */
  continued: boolean;
  /** The only message of the log that the Tab key reaches. */
  focusable: boolean;
  onFocus: () => void;
  showMessage: (seq: number) => void;
}

function Replied({ talk, seq, show }: { talk: Talk; seq: number; show: (seq: number) => void }) {
  const original = talk.view.messages.value.find((message) => message.seq === seq);
  if (!original) return <p class="chat-message-reply soft small">{t('chat.repliesToGone')}</p>;
  const text = original.text ?? t('chat.deletedByModerator');
  return (
    <button type="button" class="chat-message-reply soft small" tabIndex={-1} onClick={() => show(seq)}>
      <Icon name="reply" />
      <span>{t('chat.repliesTo', { name: original.sender?.name ?? '', text })}</span>
    </button>
  );
}

/** What can be done with a message; fetched beside the messages, which can be read without it. */
const controls = signal<typeof import('./message-controls') | undefined>(undefined);
export const fetchControls = (): void => {
  if (!controls.value) void import('./message-controls').then((module) => (controls.value = module), () => undefined);
};

/** One message with its actions. */
export function MessageRow({ talk, message, continued, focusable, onFocus, showMessage }: MessageRowProps) {
  const element = useRef<HTMLElement>(null);
  const id = useId();
  const { MessageToolbar, FailedMessage } = controls.value ?? {};
  const settled = message.pending ? undefined : message;
  const self = live.value?.hello.value?.person.id;
  const sender = message.sender;
  const tabIndex = focusable ? 0 : -1;
  const mentionsMe = settled?.mentions?.includes(self ?? '') ?? false;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== element.current || !settled) return;
    if (event.key === 'Enter' || event.key === 'ContextMenu') {
      event.preventDefault();
      element.current?.querySelector<HTMLElement>('.chat-message-more')?.click();
    } else if (event.key === 'r' && !live.value?.readOnly.value && !event.ctrlKey && !event.metaKey && !settled.deleted) {
      event.preventDefault();
      talk.draft.value = { kind: 'reply', to: settled };
      talk.compose();
    }
  };

  return (
    <article
      ref={element}
      class="chat-message"
      data-message
      data-continued={continued || undefined}
      data-mention={mentionsMe || undefined}
      data-pending={message.pending}
      tabIndex={tabIndex}
      id={id}
      aria-label={`${sender?.name ?? ''}, ${timeOfDay(message.sent_at, talk.zone)}`}
      // Its label and then what it says: whoever comes to a message hears all of it.
      aria-labelledby={`${id} ${id}-says`}
      onPointerEnter={fetchControls}
      onFocusCapture={onFocus}
      onKeyDown={onKeyDown}
    >
      {continued ? (
        <time class="chat-message-time" dateTime={new Date(message.sent_at).toISOString()}>
          {timeOfDay(message.sent_at, talk.zone)}
        </time>
      ) : (
        sender && <Avatar person={sender} />
      )}
      <div>
        {!continued && (
          <p class="chat-message-head">
            {sender && <PersonName person={sender} tabIndex={tabIndex} {...(talk.room ? { room: talk.room } : {})} />}
            <BadgeTag badge={sender?.badge} />
            <time class="soft small" dateTime={new Date(message.sent_at).toISOString()} title={dateAndTime(message.sent_at)}>
              {timeOfDay(message.sent_at, talk.zone)}
            </time>
            {settled?.pinned_at !== undefined && (
              <span class="chat-message-pin soft small">
                <Icon name="pin" />
                {t('chat.pinned')}
              </span>
            )}
          </p>
        )}
        <div id={`${id}-says`}>
          {message.reply_to !== undefined && <Replied talk={talk} seq={message.reply_to} show={showMessage} />}
          {settled?.deleted ? (
            <p class="chat-message-deleted soft">{settled.deleted === 'author' ? t('chat.deletedByAuthor') : t('chat.deletedByModerator')}</p>
          ) : (
            <MessageText text={message.text ?? ''} />
          )}
          {settled?.edited_at !== undefined && !settled.deleted && <span class="chat-message-edited soft small">({t('chat.edited')})</span>}
          {settled && !settled.deleted && <Reactions talk={talk} message={settled} tabIndex={tabIndex} />}
        </div>
        {message.pending &&
          (message.pending === 'failed' && FailedMessage ? <FailedMessage talk={talk} message={message} /> : <p class="chat-message-state soft small">{t(message.pending === 'failed' ? 'chat.failed' : 'chat.sending')}</p>)}
      </div>
      {settled && MessageToolbar && <MessageToolbar talk={talk} message={settled} onReact={(emoji) => react(talk, settled, emoji)} tabIndex={tabIndex} />}
    </article>
  );
}
