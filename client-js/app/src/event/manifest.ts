import type { EventStore } from '../hub/event';
import { navigate } from '../lib/router';
import type { Manifest } from '../shell/manifest';
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
  places: [{ path: ['lobby'], label: () => t('place'), icon: 'lobby', group: 'main' }],
  keys: [{ keys: ['g', 'l'], label: () => t('goTo'), run: (store) => navigate(store.link('lobby')) }],
  texts: import.meta.glob('./texts/*.ts'),
  changed: { event: loadEvent, ticket_types: loadEvent },
} satisfies Manifest;
