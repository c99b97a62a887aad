import { useEffect } from 'preact/hooks';
import type { Message } from 'plenary-client';
import { roomsOf } from '../rooms';
import { MessageText } from '../chat';
import { dateAndTime, timeOfDay } from '../lib/format';
import { isVisible } from '../lib/screen';
import { moderates } from '../hub/rights';
import type { ChannelView } from '../hub/channel-view';
import { live } from '../hub/live';
import { hubTime } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { notify } from '../ui/notices';
import { t } from './texts';
import { IconButton } from '../ui/button';
import { Empty, problemText } from '../ui/empty';
import { Form } from '../ui/form';
import { LongTextField, SubmitButton } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';

/** How many of the newest are shown. */
const shown = 8;
const day = 86_400_000;

/** Whether it is known what is announced, or that it cannot be known now. */
export function isSettled(store: EventStore, view: ChannelView | undefined): boolean {
  const status = live.value?.connection.value.status;
  return Boolean(view?.channel.value ?? view?.problem.value ?? roomsOf(store).problem.value) || status === 'waiting' || status === 'closed';
}

/** The organizers' announcements, newest first. */
export function Announcements({ store, view, settled }: { store: EventStore; view: ChannelView | undefined; settled: boolean }) {
  const channel = view?.channel.value;
  const said = (view?.messages.value ?? []).filter((message): message is Message => !message.pending && !message.deleted);
  const newest = said.slice(-shown).toReversed();
  const team = moderates();

  // Visiting the lobby marks them as seen.
  useEffect(() => {
    if (isVisible.value) channel?.read();
  }, [channel, newest[0]?.seq, isVisible.value]);

  const remove = (message: Message): void => {
    channel?.delete(message.seq).then(
      () => notify(t('lobby.announceDeleted'), { action: { label: t('action.undo'), run: () => void channel.restore(message.seq) } }),
      (problem: unknown) => notify(problemText(problem), { tone: 'danger' }),
    );
  };
  return (
    <section class="stack" aria-labelledby="lobby-announcements">
      <h2 id="lobby-announcements" class="event-lobby-heading">
        {t('lobby.announcements')}
      </h2>
      <div class="card event-announcements">
        {!newest.length ? (
          settled ? (
            <Empty compact icon="megaphone" title={t('lobby.noAnnouncements')} hint={t('lobby.noAnnouncementsHint')} />
          ) : (
            <Skeleton lines={2} />
          )
        ) : (
          <ul>
            {newest.map((message) => (
              <li key={message.seq} class="event-announcement">
                <div>
                  <p class="soft small">
                    {message.sender.name} ·{' '}
                    <time dateTime={new Date(message.sent_at).toISOString()}>{hubTime() - message.sent_at < day ? timeOfDay(message.sent_at, store.zone.value) : dateAndTime(message.sent_at, store.zone.value)}</time>
                  </p>
                  <MessageText text={message.text ?? ''} />
                </div>
                {team && <IconButton small icon="trash" label={t('lobby.announceDelete')} onClick={() => remove(message)} />}
              </li>
            ))}
          </ul>
        )}
        {team && channel && (
          <Form
            class="event-announce"
            onSubmit={async (data, form) => {
              const text = String(data.get('text')).trim();
              if (!text) return;
              await channel.send(text).catch((problem: unknown) => {
                // The text stays in the form; a second pending copy would only confuse.
                for (const message of channel.messages) if (message.pending === 'failed') channel.discard(message.client_id);
                throw problem;
              });
              form.reset();
            }}
          >
            <LongTextField name="text" label={t('lobby.announce')} rows={2} maxLength={4000} required />
            <div>
              <SubmitButton icon="megaphone">{t('lobby.announceSend')}</SubmitButton>
            </div>
          </Form>
        )}
      </div>
    </section>
  );
}
