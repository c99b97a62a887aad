import { live } from '../hub/live';
import { me } from '../hub/me';
import { navigate } from '../lib/router';
import type { Manifest } from '../shell/manifest';
import { formatNumber } from '../texts';
import { blocks, knowBlocks, setBlocked } from './blocks';
import { t } from './labels';
import type {} from './slots';

const isBlocked = (id: string): boolean => blocks.value?.some((other) => other.id === id) ?? false;

/** The participants, and actions on them. Guests see how many are here, not who. */
export default {
  routes: [
    { pattern: '/e/:slug/people', frame: 'event', load: () => import('./people') },
    { pattern: '/e/:slug/people/:person', frame: 'event', load: () => import('./person') },
  ],
  places: [{ path: ['people'], label: () => t('place'), icon: 'people', group: 'main', shown: () => me.value?.kind !== 'guest' }],
  keys: [{ keys: ['g', 'p'], label: () => t('goTo'), run: (store) => navigate(store.link('people')) }],
  panels: {
    'room.side': [
      {
        name: 'people',
        label: () => t('inRoom'),
        count: ({ view }) => {
          const here = view?.state.value?.people;
          return here === undefined ? undefined : formatNumber(here);
        },
        shown: () => me.value?.kind !== 'guest',
        load: () => import('./room-people'),
      },
    ],
    profile: [{ name: 'blocked', load: () => import('./blocked') }],
  },
  actions: {
    person: [
      { name: 'view', label: () => t('view'), icon: 'person', run: ({ person }) => live.value && navigate(live.value.store.link('people', person.id)) },
      {
        name: 'block',
        label: ({ person }) => t(isBlocked(person.id) ? 'unblock' : 'block'),
        icon: 'ban',
        prepare: knowBlocks,
        shown: ({ person }) => !live.value?.readOnly.value && person.badge !== 'guest',
        run: ({ person }) => void setBlocked(person, !isBlocked(person.id)),
      },
    ],
  },
  connected: ({ client }) => {
    // Another device may have changed them meanwhile.
    client.on('hello', () => (blocks.value = undefined));
  },
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
