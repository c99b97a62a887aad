import type { Manifest, Route } from '../shell/manifest';
import { t } from './labels';
import type {} from './slots';

/** One page, so that what was typed stays from one to the other. */
const comeIn: Route['load'] = () => import('./sign-in');

/** The account: signing in, profile, address and password. */
export default {
  routes: [
    { pattern: '/sign-in', frame: 'plain', load: comeIn },
    { pattern: '/reset-password', frame: 'plain', load: comeIn },
    { pattern: '/confirm', frame: 'plain', load: comeIn },
    { pattern: '/e/:slug/profile', frame: 'event', load: () => import('./profile') },
  ],
  places: [{ path: ['profile'], label: () => t('place'), icon: 'person', group: 'account' }],
  panels: {
    profile: [
      { name: 'account', load: () => import('./account') },
      { name: 'sign-ins', load: () => import('./sign-ins') },
    ],
  },
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
