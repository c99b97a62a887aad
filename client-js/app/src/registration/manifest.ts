import { me } from '../hub/me';
import type { Manifest } from '../shell/manifest';
import { registrationOf } from './store';

/** Taking part: registering, and the person's own registration. */
export default {
  routes: [{ pattern: '/e/:slug/register', frame: 'plain', load: () => import('./register') }],
  panels: {
    banner: [{ name: 'guest', shown: () => me.value?.kind === 'guest', load: () => import('./guest-banner') }],
    profile: [{ name: 'participation', load: () => import('./participation') }],
  },
  texts: import.meta.glob('./texts/*.ts'),
  enter: (store) => registrationOf(store).load(),
} satisfies Manifest;
