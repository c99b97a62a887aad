import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { DirectListAnswer, DirectSummary } from 'plenary-client';
import { shortDay, timeOfDay } from '../lib/format';
import { useKeptFocus } from '../lib/kept-focus';
import { live } from '../hub/live';
import { hubTime } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { formatNumber } from '../texts';
import { t } from './texts';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { conversationName, others } from './names';
import { directsOf } from './store';

const day = 86_400_000;

function lastLine(direct: DirectSummary): string {
  const { last } = direct;
  if (!last) return t('messages.noMessage');
  const text = last.text ?? t('messages.deleted');
  if (last.sender.id === live.value?.hello.value?.person.id) return t('messages.youSaid', { text });
  return direct.people.length > 2 ? `${last.sender.name}: ${text}` : text;
}

function ConversationLink({ store, direct, current }: { store: EventStore; direct: DirectSummary; current: boolean }) {
  const people = others(direct.people);
  const at = direct.last?.sent_at;
  return (
    <li>
      <a class="directs-conversation" href={store.link('messages', direct.channel)} aria-current={current ? 'page' : undefined} data-unread={direct.unread > 0 || undefined}>
        <span class="directs-conversation-faces" data-many={people.length > 1 || undefined}>
          {people.slice(0, 2).map((person) => (
            <Avatar key={person.id} person={person} size={people.length > 1 ? 'small' : 'medium'} />
          ))}
        </span>
        <span class="directs-conversation-name">{conversationName(direct.people)}</span>
        <span class="directs-conversation-last soft small">{lastLine(direct)}</span>
        {at !== undefined && <time class="directs-conversation-time soft small">{hubTime() - at < day ? timeOfDay(at, store.zone.value) : shortDay(at, store.zone.value)}</time>}
        {direct.unread > 0 && (
          <span class="count directs-conversation-count">
            {formatNumber(direct.unread)}
            <span class="visually-hidden"> {t('unread.count', { count: direct.unread })}</span>
          </span>
        )}
      </a>
    </li>
  );
}

/** The person's conversations, the one with the newest message first. */
export function ConversationList({ store, open, onNew }: { store: EventStore; open: string | undefined; onNew: () => void }) {
  const current = live.value;
  const next = useSignal<DirectListAnswer['next']>(undefined);
  const loaded = useSignal(false);
  const problem = useSignal<unknown>(undefined);
  const greeted = current?.hello.value !== undefined;

  const load = async (cursor?: DirectListAnswer['next']): Promise<void> => {
    try {
      next.value = (await current?.client.directs.load(cursor))?.next;
      loaded.value = true;
      problem.value = undefined;
    } catch (failure) {
      problem.value = failure;
    }
  };
  useEffect(() => {
    if (greeted) void load();
  }, [greeted]);

  // The newest message moves its conversation to the top, and must not take the focus from the one that has it.
  const list = useRef<HTMLUListElement>(null);
  useKeptFocus(list);

  const directs = (current && directsOf(current).list.value) ?? [];
  if (!directs.length) {
    if (problem.value) return <Problem problem={problem.value} retry={() => void load()} compact />;
    if (!loaded.value) return <Skeleton kind="row" lines={4} />;
    return (
      <Empty compact icon="message" title={t('messages.empty')} hint={t('messages.emptyHint')}>
        <Button icon="plus" onClick={onNew}>
          {t('messages.new')}
        </Button>
      </Empty>
    );
  }
  return (
    <>
      <ul ref={list} class="directs-conversations">
        {directs.map((direct) => (
          <ConversationLink key={direct.channel} store={store} direct={direct} current={direct.channel === open} />
        ))}
      </ul>
      {next.value && <Button onClick={() => void load(next.value)}>{t('action.more')}</Button>}
    </>
  );
}
