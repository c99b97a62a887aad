import type { Card } from 'plenary-client/rest';
import { navigate } from '../../src/lib/router';
import { openDialog } from '../../src/shell/dialogs';
import type { Manifest } from '../../src/shell/manifest';
import { brewing } from './state';

declare module '../../src/shell/manifest' {
  interface Dialogs {
    coffee: { person: Card };
  }
}

/** A throwaway capability: everything that one can add, without a trace elsewhere in the app. */
export default {
  routes: [{ pattern: '/e/:slug/coffee', frame: 'event', load: () => import('./page') }],
  places: [{ path: ['coffee'], label: () => 'Coffee', icon: 'M5 8h11v6a5 5 0 0 1-5 5h-1a5 5 0 0 1-5-5zM16 10h2v4h-2', group: 'main', marks: () => (brewing.value ? [{ text: 'brewing' }] : []) }],
  keys: [{ keys: ['g', 'k'], label: () => 'Go for a coffee', run: (store) => navigate(store.link('coffee')) }],
  panels: {
    'room.side': [{ name: 'coffee', label: () => 'Coffee', count: () => '7', load: () => import('./panel') }],
    organize: [{ name: 'coffee', label: () => 'Coffee', load: () => import('./section') }],
  },
  actions: {
    person: [{ name: 'coffee', label: ({ person }) => `Coffee with ${person.name}`, run: ({ person }) => openDialog('coffee', { person }) }],
    message: [{ name: 'coffee', label: () => 'Offer a coffee', run: ({ message }) => openDialog('coffee', { person: message.sender }) }],
  },
  dialogs: { coffee: () => import('./dialog') },
  onScreen: [{ shown: () => brewing.value, load: () => import('./on-screen') }],
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
