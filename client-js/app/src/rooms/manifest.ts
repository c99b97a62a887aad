import { agendaOf, onNow } from '../agenda';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { live } from '../hub/live';
import type { Room } from 'plenary-client/rest';
import { isAt } from '../lib/router';
import { prefetch } from '../shell/lazy';
import type { Manifest, Mark } from '../shell/manifest';
import { unreadText } from '../texts';
import { t } from './labels';
import { roomsOf } from './store';
import type {} from './slots';

const unreadIn = (room: Room) => live.value?.unread.value.get(room.channel);

/** Mentions are counted; other messages are a dot, so that a busy room does not distract. */
function marksOf(store: EventStore, room: Room): Mark[] {
  const unread = isAt(store.link('rooms', room.id)) ? undefined : unreadIn(room);
  const agenda = agendaOf(store).value.value;
  const marks: Mark[] = [];
  if (unread?.mentions) marks.push({ count: unread.mentions, text: unreadText(unread.mentions) });
  else if (unread?.unread) marks.push({ text: t('new') });
  if (agenda && onNow(agenda, now.value, room.id).length > 0) marks.push({ live: true, text: t('onNow') });
  return marks;
}

/** The rooms, each with its stage and panels beside it. */
export default {
  routes: [
    { pattern: '/e/:slug/rooms', frame: 'event', load: () => import('./rooms') },
    {
      pattern: '/e/:slug/rooms/:room',
      frame: 'event',
      load: () => {
        prefetch('room.stage', 'room.side');
        return import('./room');
      },
    },
  ],
  places: [
    {
      path: ['rooms'],
      label: () => t('place'),
      icon: 'room',
      group: 'main',
      marks: (store) => (roomsOf(store).list?.some((room) => (unreadIn(room)?.unread ?? 0) > 0) ? [{ text: t('new') }] : []),
      below: (store) =>
        (roomsOf(store).list ?? [])
          .filter((room) => !room.hidden)
          .map((room) => ({ path: ['rooms', room.id], label: () => room.name, icon: 'room', marks: () => marksOf(store, room) })),
    },
  ],
  texts: import.meta.glob('./texts/*.ts'),
  enter: (store) => roomsOf(store).loadOnce(),
  changed: { rooms: (store) => roomsOf(store).load() },
  connected: ({ client, store }) => {
    client.on('room', ({ room, slow_mode_seconds, locked }) => roomsOf(store).switched(room, { slow_mode_seconds, locked }));
  },
} satisfies Manifest;
