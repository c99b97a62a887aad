import { prefetch } from '../shell/lazy';
import type { Manifest } from '../shell/manifest';
import { t } from './labels';
import { marksOf, unreadOfAll } from './marks';
import { roomsOf } from './store';
import type {} from './slots';

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
      marks: (store) => unreadOfAll(store, roomsOf(store).list ?? []),
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
