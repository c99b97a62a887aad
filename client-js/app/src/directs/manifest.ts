import { live } from '../hub/live';
import { me } from '../hub/me';
import { navigate } from '../lib/router';
import type { Load, Manifest, PageProps } from '../shell/manifest';
import { unreadText } from '../texts';
import { t } from './labels';
import type {} from './slots';
import { directsOf, writeTo } from './store';

const messages: Load<PageProps> = () => import('./messages');

/** Conversations between people. Guests have none. */
export default {
  routes: [
    { pattern: '/e/:slug/messages', frame: 'event', load: messages },
    { pattern: '/e/:slug/messages/:channel', frame: 'event', load: messages },
  ],
  places: [
    {
      path: ['messages'],
      label: () => t('place'),
      icon: 'message',
      group: 'main',
      shown: () => me.value?.kind !== 'guest',
      marks: () => {
        const count = live.value ? directsOf(live.value).unread.value : 0;
        return count ? [{ count, text: unreadText(count) }] : [];
      },
    },
  ],
  keys: [{ keys: ['g', 'm'], label: () => t('goTo'), run: (store) => navigate(store.link('messages')) }],
  actions: {
    person: [
      {
        name: 'write',
        label: () => t('write'),
        button: ({ person }) => t('writeTo', { name: person.name }),
        icon: 'message',
        shown: ({ person }) => !live.value?.readOnly.value && person.badge !== 'guest',
        run: ({ person }) => void writeTo([person.id]),
      },
    ],
  },
  dialogs: { newConversation: () => import('./new-conversation') },
  texts: import.meta.glob('./texts/*.ts'),
  connected: (connection) => {
    directsOf(connection);
    // Fetched when the first one comes; without the network it is only seen.
    connection.client.on('direct', ({ direct }) => void import('./tell').then(({ tell }) => tell(connection, direct)).catch(() => undefined));
  },
} satisfies Manifest;
