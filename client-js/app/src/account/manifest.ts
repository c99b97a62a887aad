import type { Manifest } from '../shell/manifest';
import { t } from './labels';
import type {} from './slots';

/** The account: signing in, profile, address and password. */
export default {
  routes: [
    { pattern: '/sign-in', frame: 'plain', load: () => import('./sign-in') },
    { pattern: '/reset-password', frame: 'plain', load: () => import('./reset-password') },
    { pattern: '/confirm', frame: 'plain', load: () => import('./confirm') },
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
