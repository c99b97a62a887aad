import type { Manifest } from '../shell/manifest';
import { t } from './labels';
import type {} from './talk';

/** The messages of channels. */
export default {
  keys: [{ keys: ['c'], label: () => t('compose'), run: () => document.querySelector<HTMLElement>('.chat-composer-input')?.focus() }],
  panels: {
    'room.side': [{ name: 'talk', label: () => t('talk'), load: () => import('./room-talk') }],
    keys: [{ name: 'conversation', load: () => import('./keys-help') }],
  },
  dialogs: { deleteMessage: () => import('./delete-dialog') },
  connected: ({ client, store }) => {
    client.on('mention', (mention) => void import('./mention-notice').then(({ showMention }) => showMention(store, mention), () => undefined));
  },
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
