import type { EventStore } from '../hub/event';
import { live } from '../hub/live';
import { navigate } from '../lib/router';
import { roomsOf } from '../rooms';
import type { Manifest } from '../shell/manifest';
import { unreadText } from '../texts';
import { t } from './labels';

/** Ticket types come with their event. */
const loadEvent = (store: EventStore): Promise<void> => store.loadEvent();

/** The events of the installation, each with its entry page and lobby. */
export default {
  routes: [
    { pattern: '/', frame: 'plain', load: () => import('./home') },
    { pattern: '/e/:slug', frame: 'plain', load: () => import('./entry') },
    { pattern: '/e/:slug/lobby', frame: 'event', load: () => import('./lobby') },
  ],
  places: [
    {
      path: ['lobby'],
      label: () => t('place'),
      icon: 'lobby',
      group: 'main',
      marks: (store) => {
        const channel = roomsOf(store).announcements;
        const count = (channel && live.value?.unread.value.get(channel)?.unread) ?? 0;
        return count ? [{ count, text: unreadText(count) }] : [];
      },
    },
  ],
  panels: { banner: [{ name: 'announcement', shown: (props) => Boolean(live.value && roomsOf(props.store).announcements), load: () => import('./announcement-line') }] },
  keys: [{ keys: ['g', 'l'], label: () => t('goTo'), run: (store) => navigate(store.link('lobby')) }],
  texts: import.meta.glob('./texts/*.ts'),
  changed: { event: loadEvent, ticket_types: loadEvent },
} satisfies Manifest;
