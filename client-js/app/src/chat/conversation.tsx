import { useEffect, useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ChannelView } from '../hub/channel-view';
import { live } from '../hub/live';
import { announce } from '../ui/notices';
import { t } from './texts';
import type { RoomId } from 'plenary-client/rest';
import { Lazy } from '../shell/lazy';
import { Empty, problemText } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { Composer } from './composer';
import { Log } from './log';
import type { Draft, Talk } from './talk';
import { TypingLine } from './typing-line';
import './chat.css';
import './composer.css';
import './log.css';

/** Few rooms have pinned messages. */
const pinned = () => import('./pinned');

interface ConversationProps {
  view: ChannelView | undefined;
  name: string;
  /** Time zone of days and times. */
  zone: string;
  room?: RoomId | undefined;
  moderator: boolean;
  direct?: boolean;
}

/** Announces what arrives, within a budget. */
function useAnnouncer(view: ChannelView | undefined, direct: boolean): void {
  useEffect(() => {
    if (!view) return;
    const words = {
      said: (name: string, text: string) => t('chat.said', { name, text }),
      mentioned: (name: string, text: string) => (direct ? t('chat.said', { name, text }) : t('chat.mentionedYou', { name, text })),
      count: (count: number) => t('chat.newCount', { count }),
    };
    // Fetched beside the page, which can show the history without it.
    const fetched = import('../ui/announcer').then(({ Announcer }) => new Announcer(announce, words, (milliseconds, run) => setTimeout(run, milliseconds)));
    return view.onMessage((message) => {
      const self = live.value?.hello.value?.person.id;
      const { sender, text } = message;
      if (sender.id === self || text === undefined) return;
      const important = direct || (self !== undefined && (message.mentions?.includes(self) ?? false));
      fetched.then((announcer) => announcer.hear({ name: sender.name, text, important }), () => undefined);
    });
  }, [view, direct]);
}

/** A channel's conversation: the messages, who is typing, and the composer. */
export function Conversation({ view, name, zone, room, moderator, direct = false }: ConversationProps) {
  const draft = useSignal<Draft>(undefined);
  const focusComposer = useSignal(0);
  useAnnouncer(view, direct);
  useEffect(() => void (draft.value = undefined), [view]);

  const talk = useMemo<Talk | undefined>(
    () => view && { view, name, room, moderator, direct, draft, zone, compose: () => focusComposer.value++ },
    [view, name, zone, room, moderator, direct],
  );
  if (!talk || !view) return <Skeleton kind="message" lines={6} />;

  const problem = view.problem.value;
  if (problem && !view.channel.value) {
    return (
      <div class="chat" role="alert">
        <Empty icon="lock" title={t('chat.unknown')} hint={problemText(problem)} />
      </div>
    );
  }
  return (
    <div class="chat">
      {view.state.value?.pinned.length ? <Lazy load={pinned} props={{ talk }} waiting={<div class="chat-pinned chat-pinned-bar gives-way" />} /> : null}
      {view.channel.value ? <Log talk={talk} /> : <div class="chat-log-wait"><Skeleton kind="message" lines={7} /></div>}
      <TypingLine view={view} />
      <Composer talk={talk} focus={focusComposer} />
    </div>
  );
}
