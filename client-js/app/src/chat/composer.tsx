import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import { live } from '../hub/live';
import { hubTime, now } from '../hub/clock';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import type { Talk } from './talk';
import { keepUnsent, unsent } from './drafts';
import { mentionAt, mentioned, type Chosen } from './mentions';
import { Lazy } from '../shell/lazy';
import { obstacleTo } from './obstacle';

/** Fetched when nothing can be written. */
const obstacleNotice = () => import('./obstacle-notice');
/** Fetched at the first @. */
const mentionList = () => import('./mention-list');
let tools: typeof import('./find-people') | undefined;
const people = async (): Promise<NonNullable<typeof tools>> => (tools ??= await import('./find-people'));
/** Fetched at the first answer or change. */
const draftBar = () => import('./draft-bar');

/** On a phone's keyboard Enter begins a new line, as usual there; the button sends. */
const touch = matchMedia('(pointer: coarse)');

/** The input for messages. A draft is kept until it is sent, even across pages. */
export function Composer({ talk, focus }: { talk: Talk; focus: Signal<number> }) {
  const { view } = talk;
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useSignal('');
  const chosen = useSignal<readonly Chosen[]>([]);
  const offers = useSignal<readonly Card[]>([]);
  const cursor = useSignal(0);
  const option = useSignal(0);
  /** Whose words were found in the message that is edited. */
  const named = useRef<string[]>([]);
  /** When one may write again in slow mode, and how many seconds that were: a clock that lags must not show more. */
  const slow = useSignal({ until: 0, seconds: 0 });
  /** Sent before the channel was joined: goes out once it is. */
  const sendWhenJoined = useSignal(false);
  const draft = talk.draft.value;
  const obstacle = obstacleTo(talk);
  const limit = live.value?.hello.value?.limits.message_length ?? 4000;

  useEffect(() => {
    if (focus.value) area.current?.focus();
  }, [focus.value]);
  // Before anything can be typed, so that nothing typed is overwritten.
  useLayoutEffect(() => {
    const { text: kept, chosen: known } = draft?.kind === 'edit' ? { text: draft.message.text ?? '', chosen: [] } : unsent(view.id);
    text.value = kept;
    chosen.value = known;
    named.current = [];
    const ids = (draft?.kind === 'edit' && draft.message.mentions) || [];
    if (!ids.length && !known.length) return;
    // Whose name cannot be known keeps being mentioned.
    people().then(({ chosenIn, recentPeople }) => {
      if (!ids.length || talk.draft.value !== draft || text.value !== kept) return;
      chosen.value = chosenIn(kept, ids, recentPeople(talk));
      named.current = chosen.value.map(({ id }) => id);
    }, () => undefined);
  }, [draft?.kind === 'edit' ? draft.message.seq : undefined, view]);

  const joined = view.channel.value;
  const sendRef = useRef<() => void>(undefined);
  useEffect(() => {
    if (!joined || !sendWhenJoined.value) return;
    sendWhenJoined.value = false;
    sendRef.current?.();
  }, [joined]);

  const typed = mentionAt(text.value, cursor.value);
  const query = typed && !chosen.value.some(({ from }) => from === typed.from) ? typed : undefined;
  useEffect(() => {
    offers.value = [];
    if (!query) return;
    const stop = new AbortController();
    people().then(
      ({ findPeople }) => stop.signal.aborted || findPeople(talk, query.text, (found) => (offers.value = found), stop.signal),
      () => undefined,
    );
    return () => stop.abort();
  }, [query?.from, query?.text, talk]);

  if (obstacle) return <Lazy load={obstacleNotice} props={{ obstacle }} waiting={null} />;

  const offered = query ? offers.value : [];
  const tooMany = [...text.value].length - limit;
  const wait = draft?.kind === 'edit' || slow.value.until === 0 ? 0 : Math.max(0, Math.min(slow.value.seconds, Math.ceil((slow.value.until - now.value) / 1000)));

  const write = (value: string, mentions: readonly Chosen[] = []): void => {
    text.value = value;
    chosen.value = mentions;
    sendWhenJoined.value = false;
    if (draft?.kind !== 'edit') keepUnsent(view.id, { text: value, chosen: mentions });
    if (value.trim()) view.channel.value?.typing();
  };
  const take = (person: Card): void => {
    if (!query || !tools) return;
    const done = tools.completeMention(text.value, query, cursor.value, person.name);
    const others = tools.stillChosen(chosen.value, text.value, done.text, done.cursor);
    write(done.text, [...others, { id: person.id, name: person.name, from: query.from }]);
    cursor.value = done.cursor;
    // At once, not with the next render: fast typing must not overtake the cursor.
    if (area.current) {
      area.current.value = done.text;
      area.current.setSelectionRange(done.cursor, done.cursor);
    }
  };
  const slowDown = (milliseconds: number): void => void (slow.value = { until: hubTime() + milliseconds, seconds: Math.ceil(milliseconds / 1000) });
  const send = (): void => {
    const channel = view.channel.value;
    const said = text.value.trim();
    if (!said || tooMany > 0 || wait > 0) return;
    if (!channel) {
      sendWhenJoined.value = true;
      return;
    }
    const others = draft?.kind === 'edit' && said.includes('@') ? (draft.message.mentions ?? []).filter((id) => !named.current.includes(id)) : [];
    const unsaid = chosen.value;
    const mentions = mentioned(unsaid, others);
    if (draft?.kind === 'edit') {
      // The text stays in the box until the hub has acknowledged it.
      channel.edit(draft.message.seq, said, { mentions }).then(
        () => (talk.draft.value = undefined),
        (problem: unknown) => notify(problemText(problem), { tone: 'danger' }),
      );
      return;
    }
    channel
      .send(said, { ...(draft ? { replyTo: draft.to.seq } : {}), ...(mentions.length ? { mentions } : {}) })
      .catch((problem: { code?: string; retryAfter?: number }) => {
        // A failed message stays in the log, to be sent again; only one that was not accepted comes back here.
        if (problem.code === 'queue.full') {
          write(said, unsaid);
          notify(problemText(problem), { tone: 'danger' });
        }
        if (problem.code === 'chat.slow_mode' && problem.retryAfter) slowDown(problem.retryAfter);
      });
    const pause = view.state.value?.room_switches?.slow_mode_seconds ?? 0;
    if (pause && !talk.moderator) slowDown(pause * 1000);
    talk.draft.value = undefined;
    write('');
  };

  sendRef.current = send;

  const onKeyDown = (event: KeyboardEvent): void => {
    // The Enter that ends a composition: Safari sends it after the composition's end, with the code of an input method.
    if (event.isComposing || event.keyCode === 229) return;
    if (offered.length) {
      const step: Record<string, number> = { ArrowDown: 1, ArrowUp: offered.length - 1 };
      if (step[event.key]) option.value = (option.value + step[event.key]!) % offered.length;
      else if (event.key === 'Enter' || event.key === 'Tab') take(offered[Math.min(option.value, offered.length - 1)]!);
      else if (event.key === 'Escape') cursor.value = 0;
      else return;
      event.preventDefault();
    } else if (event.key === 'Enter' && !event.shiftKey && !touch.matches) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && draft) {
      event.preventDefault();
      talk.draft.value = undefined;
    } else if (event.key === 'ArrowUp' && !text.value && !draft) {
      const self = live.value?.hello.value?.person.id;
      const last = view.messages.value.findLast((message) => !message.pending && message.sender.id === self && !message.deleted);
      if (last && !last.pending && hubTime() - last.sent_at < 86_400_000) {
        event.preventDefault();
        talk.draft.value = { kind: 'edit', message: last };
      }
    }
  };

  return (
    <div class="chat-composer writing">
      {draft && <Lazy load={draftBar} props={{ talk }} waiting={null} />}
      {offered.length > 0 && <Lazy load={mentionList} props={{ people: offered, current: Math.min(option.value, offered.length - 1), onTake: take }} waiting={null} />}
      <div
        class="chat-composer-row"
        // Sending leaves the focus where one writes, and with it the keyboard of a phone.
        onMouseDown={(event) => event.target !== area.current && event.preventDefault()}
        onClick={() => document.activeElement !== area.current && !touch.matches && area.current?.focus()}
      >
        <textarea
          ref={area}
          class="input chat-composer-input"
          rows={1}
          aria-label={t('chat.compose', { name: talk.name })}
          placeholder={t('chat.placeholder', { name: talk.name })}
          value={text.value}
          enterkeyhint={touch.matches ? 'enter' : 'send'}
          aria-invalid={tooMany > 0 || undefined}
          aria-describedby={touch.matches ? undefined : 'composer-keys'}
          {...(offered.length ? { 'aria-controls': 'mention-list', 'aria-activedescendant': `mention-${Math.min(option.value, offered.length - 1)}`, 'aria-autocomplete': 'list' as const } : {})}
          onInput={(event) => {
            const { value, selectionStart } = event.currentTarget;
            cursor.value = selectionStart;
            option.value = 0;
            write(value, tools?.stillChosen(chosen.value, text.value, value, selectionStart));
          }}
          onKeyDown={onKeyDown}
          onBlur={() => (cursor.value = 0)}
        />
        <button type="button" class="chat-send" aria-label={wait ? t('chat.sendWait', { count: wait }) : t('chat.send')} title={t('chat.send')} disabled={!text.value.trim() || tooMany > 0 || wait > 0} onClick={send}>
          {wait ? <span class="chat-send-wait">{wait}</span> : <Icon name="send" />}
        </button>
      </div>
      {!touch.matches && (
        <p class="visually-hidden" id="composer-keys">
          {t('chat.hintKeys')}
        </p>
      )}
      {tooMany > 0 && (
        <p class="field-error" role="alert">
          {t('chat.tooLong', { count: tooMany })}
        </p>
      )}
    </div>
  );
}
