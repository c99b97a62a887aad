import { navigate } from '../lib/router';
import type { Manifest } from '../shell/manifest';
import { t } from './labels';
import { agendaOf, starsOf } from './store';

/** The programme: sessions, times and rooms. */
export default {
  routes: [
    { pattern: '/e/:slug/agenda', frame: 'event', load: () => import('./agenda') },
    { pattern: '/e/:slug/agenda/:session', frame: 'event', load: () => import('./session') },
  ],
  places: [{ path: ['agenda'], label: () => t('place'), icon: 'agenda', group: 'main' }],
  keys: [{ keys: ['g', 'a'], label: () => t('goTo'), run: (store) => navigate(store.link('agenda')) }],
  panels: {
    'room.stage': [{ name: 'programme', load: () => import('./stage') }],
    'person.body': [{ name: 'sessions', load: () => import('./sessions-of-person') }],
  },
  texts: import.meta.glob('./texts/*.ts'),
  enter: (store) => Promise.all([agendaOf(store).loadOnce(), starsOf(store).load()]),
  changed: { agenda: (store) => agendaOf(store).load() },
} satisfies Manifest;
