import { useSignal } from '@preact/signals';
import { roomsOf } from './store';
import { useChannel } from '../hub/use-channel';
import { Lazy } from '../shell/lazy';
import type { PageProps } from '../shell/manifest';
import { actions, menuItems, panels } from '../shell/registry';
import { eventStore, type EventStore } from '../hub/event';
import { t } from './texts';
import type { Room } from 'plenary-client/rest';
import { Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Tabs } from '../ui/tabs';
import './room.css';

/** Few come to a room that is not there, or are removed. */
const unknownRoom = () => import('./unknown-room');
const removed = () => import('./removed');

function RoomView({ store, room }: { store: EventStore; room: Room }) {
  const chosen = useSignal<string | undefined>(undefined);
  const view = useChannel(room.channel);
  const here = view?.state.value?.people;
  const problem = view?.problem.value;
  const slow = room.slow_mode_seconds;

  const props = { store, room, view };
  const sides = panels('room.side', props);
  const side = sides.find(({ name }) => name === chosen.value) ?? sides[0];
  const stage = panels('room.stage', { store, room }).at(-1);
  const settings = actions('room', { room });

  return (
    <div class="rooms-room fills" data-picture={stage?.picture || undefined}>
      <div class="rooms-stage gives-way">
        <header class="rooms-header">
          <PageHeading title={room.name} event={store.event.value?.title}>
            {room.name}
          </PageHeading>
          <p class="rooms-facts soft small">
            {here !== undefined && (
              <span class="rooms-here">
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
          {settings.length > 0 && (
            <Menu label={t('room.settings')} items={() => menuItems('room', { room })}>
              <Icon name="settings" />
            </Menu>
          )}
        </header>
        {stage && <Lazy key={stage.name} load={stage.load} props={{ store, room }} waiting={null} />}
      </div>
      <section class="rooms-panel" aria-label={t('room.panel')}>
        {view && problem && (view.channel.value || (problem as { code?: string }).code === 'moderation.banned') ? (
          <Lazy load={removed} props={{ store, room }} waiting={null} />
        ) : (
          side && (
            <Tabs
              label={t('room.panel')}
              value={side.name}
              tabs={sides.map((panel) => {
                const count = panel.count?.(props);
                return { value: panel.name, label: panel.label?.(props) ?? panel.name, ...(count === undefined ? {} : { count }) };
              })}
              onChange={(value) => (chosen.value = value)}
            >
              <Lazy key={side.name} load={side.load} props={props} waiting={<Skeleton kind="message" lines={6} />} />
            </Tabs>
          )
        )}
      </section>
    </div>
  );
}

/** A room: its stage, its conversation and who is here. */
export default function RoomPage({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const room = roomsOf(store).find(params['room']!);
  if (room) return <RoomView key={room.id} store={store} room={room} />;
  return (
    <div class="page">
      {roomsOf(store).problem.value ? (
        <Problem problem={roomsOf(store).problem.value} retry={() => void roomsOf(store).load()} />
      ) : !roomsOf(store).list ? (
        <Skeleton lines={6} />
      ) : (
        <Lazy load={unknownRoom} props={{ store }} />
      )}
    </div>
  );
}
