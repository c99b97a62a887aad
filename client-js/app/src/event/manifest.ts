import { navigate } from '../lib/router';
import type { Manifest } from '../shell/manifest';
import { t } from './labels';

/** The events of the installation, the front door of each, and its lobby. */
export default {
  routes: [
    { pattern: '/', frame: 'plain', load: () => import('./home') },
    { pattern: '/e/:slug', frame: 'plain', load: () => import('./entry') },
    { pattern: '/e/:slug/lobby', frame: 'event', load: () => import('./lobby') },
  ],
  places: [{ path: ['lobby'], label: () => t('place'), icon: 'lobby', group: 'main' }],
  keys: [{ keys: ['g', 'l'], label: () => t('goTo'), run: (store) => navigate(store.link('lobby')) }],
  texts: import.meta.glob('./texts/*.ts'),
  changed: { event: (store) => store.loadEvent() },
} satisfies Manifest;
