import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { ChatMessage } from 'plenary-client';
import { longDay } from '../lib/format';
import { useKeptFocus } from '../lib/kept-focus';
import { live } from '../hub/live';
import { hubTime } from '../hub/clock';
import { t } from './texts';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icon';
import type { Talk } from './talk';
import { fetchControls, MessageRow } from './message-row';
import { logRows, type LogRow } from './rows';
import { useReading } from './use-reading';
import { useVirtualRows } from './use-virtual-rows';

function dayName(at: number, zone: string): string {
  const day = longDay(at, zone);
  if (day === longDay(hubTime(), zone)) return t('time.today');
  if (day === longDay(hubTime() - 86_400_000, zone)) return t('time.yesterday');
  return day;
}

interface Drawn {
  message: ChatMessage;
  continued: boolean;
  focusable: boolean;
  vnode: VNode;
}

/** Renders a message once and returns the same element until something about it changes, so that Preact skips it. */
function useMessageRows(talk: Talk, active: Signal<string | undefined>, show: (key: string) => void) {
  const drawn = useRef(new Map<string, Drawn>());
  const latestShow = useRef(show);
  latestShow.current = show;
  useEffect(() => drawn.current.clear(), [talk]);
  return (key: string, message: ChatMessage, continued: boolean, focusable: boolean): VNode => {
    const known = drawn.current.get(key);
    if (known?.message === message && known.continued === continued && known.focusable === focusable) return known.vnode;
    const vnode = (
      <MessageRow
        talk={talk}
        message={message}
        continued={continued}
        focusable={focusable}
        onFocus={() => (active.value = key)}
        showMessage={(seq) => latestShow.current(`m${seq}`)}
      />
    );
    if (drawn.current.size > 400) drawn.current.clear();
    drawn.current.set(key, { message, continued, focusable, vnode });
    return vnode;
  };
}

function Between({ row, zone, fold }: { row: Exclude<LogRow, { kind: 'message' }>; zone: string; fold: (key: string) => void }) {
  switch (row.kind) {
    case 'start':
      return <p class="chat-log-start soft small">{t('chat.beginning')}</p>;
    case 'removed':
      return (
        <p class="chat-log-removed">
          <button type="button" aria-expanded={row.unfolded} onClick={() => fold(row.key)}>
            {t('chat.removedCount', { count: row.count })}
          </button>
        </p>
      );
    case 'day':
      return <p class="chat-log-day">{dayName(row.at, zone)}</p>;
    case 'new':
      return (
        <p class="chat-log-new">
          <span>{t('chat.new')}</span>
        </p>
      );
  }
}

/** The messages, or the reason why there are none. */
export function Log({ talk }: { talk: Talk }) {
  if (talk.view.messages.value.length) return <LogList talk={talk} />;
  return (
    <div class="chat-log-wait">
      <Empty icon="message" title={t('chat.empty')} hint={live.value?.readOnly.value ? t('chat.emptyReadOnly') : t('chat.emptyHint')} />
    </div>
  );
}

/** Only the visible messages are in the page; arrow keys move from one to the next, wherever they are. */
function LogList({ talk }: { talk: Talk }) {
  const { view } = talk;
  const self = live.value?.hello.value?.person.id;
  const scroller = useRef<HTMLDivElement>(null);
  const active = useSignal<string | undefined>(undefined);
  const messages = view.messages.value;
  const newAfter = view.readOnEntry.value;
  const complete = !view.hasOlder.value;
  const unfolded = useSignal<ReadonlySet<string>>(new Set());
  const fold = (key: string): void => void (unfolded.value = new Set(unfolded.value.has(key) ? [...unfolded.value].filter((other) => other !== key) : [...unfolded.value, key]));
  const shown = unfolded.value;
  const rows = useMemo(() => logRows(messages, { zone: talk.zone, newAfter, self, complete, unfolded: shown }), [messages, newAfter, self, complete, talk.zone, shown]);
  const virtual = useVirtualRows(scroller, rows, active);
  const reading = useReading(talk, virtual.atEnd);

  useEffect(fetchControls, []);

  // Older messages are loaded before the reader reaches the oldest.
  useEffect(() => {
    if (virtual.nearStart.value && view.hasOlder.value) void view.loadOlder();
  }, [virtual.nearStart.value, view.hasOlder.value, messages.length]);

  // Show the reader's own new message.
  const lastOwn = messages.at(-1)?.pending ? messages.at(-1)!.client_id : undefined;
  useLayoutEffect(() => {
    if (lastOwn) virtual.toEnd();
  }, [lastOwn]);

  const messageRows = rows.flatMap((row, place) => (row.kind === 'message' ? [place] : []));
  const move = (key: string | undefined): void => {
    if (key === undefined) return;
    active.value = key;
    virtual.show(key);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"] [data-message]`)?.focus({ preventScroll: true }));
  };
  const messageRow = useMessageRows(talk, active, move);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = messageRows.findIndex((place) => rows[place]!.key === active.value);
    const target: Record<string, number> = { ArrowUp: Math.max(0, at - 1), ArrowDown: Math.min(messageRows.length - 1, at + 1), Home: 0, End: messageRows.length - 1 };
    const wanted = target[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    move(rows[messageRows[wanted]!]?.key);
  };

  const lastKey = rows[messageRows.at(-1) ?? -1]?.key;
  const focusable = active.value !== undefined && rows.some((row) => row.key === active.value) ? active.value : lastKey;
  // Of a message that goes, the one that the Tab key reaches takes the focus.
  useKeptFocus(scroller, () => scroller.current?.querySelector<HTMLElement>('[data-message][tabindex="0"]'));
  const newPlace = rows.findIndex((row) => row.kind === 'new');
  const newAbove = newPlace >= 0 && newPlace < virtual.range.value.start;

  return (
    <div class="chat-log-frame">
      {newAbove && !reading.seenNew.value && (
        <Button small class="chat-log-jump chat-log-jump-up" icon="arrowDown" onClick={() => move(rows[newPlace + 1]?.key)}>
          {t('chat.toFirstNew')}
        </Button>
      )}
      {view.loadingOlder.value && (
        <p class="chat-log-loading soft small" role="status">
          {t('chat.older')}
        </p>
      )}
      <div ref={scroller} class="chat-log" role="log" aria-live="off" aria-label={t('chat.log', { name: talk.name })} onKeyDown={onKeyDown}>
        <div class="chat-log-rows" style={{ height: `${virtual.total.value}px` }}>
          {virtual.drawn(rows).map(({ row, top }) => (
            <div key={row.key} class="chat-log-row" data-row={row.key} ref={virtual.measure} style={{ transform: `translateY(${top}px)` }}>
              {row.kind === 'message' ? (
                messageRow(row.key, row.message, row.continued, row.key === focusable)
              ) : (
                <Between row={row} zone={talk.zone} fold={fold} />
              )}
            </div>
          ))}
        </div>
      </div>
      {!virtual.atEnd.value && (
        <button type="button" class="chat-log-jump chat-log-jump-down" onClick={() => virtual.toEnd()}>
          <Icon name="arrowDown" />
          {reading.missed.value ? t('chat.newCount', { count: reading.missed.value }) : t('chat.toLatest')}
        </button>
      )}
    </div>
  );
}
