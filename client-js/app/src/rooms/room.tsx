import { useSignal } from '@preact/signals';
import { Conversation } from '../chat/conversation';
import { live } from '../hub/live';
import { moderates } from '../hub/rights';
import { useChannel } from '../hub/use-channel';
import type { PageProps } from '../shell/routes';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { formatNumber, t } from '../texts';
import type { Room } from 'plenary-client/rest';
import { ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Tabs } from '../ui/tabs';
import { RoomPeople } from './room-people';
import { RoomSettings } from './room-settings';
import { Stage } from './stage';
import './room.css';

type Panel = 'talk' | 'people' | 'team';

function RoomView({ store, room }: { store: EventStore; room: Room }) {
  const panel = useSignal<Panel>('talk');
  const view = useChannel(room.channel);
  const moderator = moderates(room.id);
  const team = useChannel(panel.value === 'team' && room.staff_channel ? room.staff_channel : undefined);
  const here = view?.state.value?.people;
  const problem = view?.problem.value;
  const slow = room.slow_mode_seconds;

  const tabs: { value: Panel; label: string; count?: string }[] = [
    { value: 'talk', label: t('room.talk') },
  ];
  // Guests see how many are here, not who.
  if (me.value?.kind !== 'guest') tabs.push({ value: 'people', label: t('room.people'), ...(here === undefined ? {} : { count: formatNumber(here) }) });
  if (moderator && room.staff_channel) tabs.push({ value: 'team', label: t('room.team') });

  return (
    <div class="room fills">
      <div class="room-stage">
        <header class="room-header">
          <PageHeading title={room.name} event={store.event.value?.title}>
            {room.name}
          </PageHeading>
          <p class="room-facts soft small">
            {here !== undefined && (
              <span class="room-here">
                <Icon name="people" />
                {t('room.here', { count: here })}
              </span>
            )}
            {room.locked && (
              <span class="badge" data-tone="warn">
                <Icon name="lock" />
                {t('room.locked')}
              </span>
            )}
            {slow > 0 && <span class="badge">{t('room.slowModeOn', { count: slow })}</span>}
          </p>
          {moderator && <RoomSettings room={room} />}
        </header>
        <Stage store={store} room={room} />
      </div>
      <section class="room-panel" aria-label={t('room.panel')}>
        {view && problem && view.channel.value ? (
          <Empty icon="ban" title={t('room.removed')} hint={removalReason(room)} />
        ) : (
          <Tabs<Panel> label={t('room.panel')} value={panel.value} tabs={tabs} onChange={(value) => (panel.value = value)}>
            {panel.value === 'people' ? (
              <RoomPeople room={room} view={view} />
            ) : panel.value === 'team' ? (
              <Conversation view={team} zone={store.zone.value} name={`${room.name}, ${t('room.team')}`} moderator={moderator} />
            ) : (
              <Conversation view={view} zone={store.zone.value} name={room.name} room={room.id} moderator={moderator} />
            )}
          </Tabs>
        )}
      </section>
    </div>
  );
}

/** Why one is out, as far as one was told. */
function removalReason(room: Room): string | undefined {
  const ban = live.value?.standing.value.find((sanction) => sanction.kind === 'ban' && (!sanction.room || sanction.room === room.id));
  if (!ban) return undefined;
  return ban.reason ? `${t('moderation.youBanned')} ${t('chat.timedOutReason', { reason: ban.reason })}` : t('moderation.youBanned');
}

/** A room: its stage, its talk and who is here. */
export default function RoomPage({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const room = store.room(params['room']!);
  if (room) return <RoomView key={room.id} store={store} room={room} />;
  return (
    <div class="page">
      {store.insideProblem.value ? (
        <Problem problem={store.insideProblem.value} retry={() => void store.loadInside()} />
      ) : !store.rooms.value ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <PageHeading class="visually-hidden" title={t('room.unknown')}>
            {t('room.unknown')}
          </PageHeading>
          <Empty icon="room" title={t('room.unknown')} hint={t('room.unknownHint')}>
            <ButtonLink href={store.link('rooms')}>{t('rooms.title')}</ButtonLink>
          </Empty>
        </>
      )}
    </div>
  );
}
