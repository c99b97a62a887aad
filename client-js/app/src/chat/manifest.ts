import type { Manifest } from '../shell/manifest';
import { t } from './labels';
import type {} from './talk';

const inLog = (): string => t('inLog');
const inComposer = (): string => t('inComposer');

/** What people say in a channel. */
export default {
  keys: [
    { keys: ['c'], label: () => t('compose'), run: () => document.querySelector<HTMLElement>('.composer-input')?.focus() },
    { keys: ['ArrowUp', 'ArrowDown'], label: () => t('move'), within: inLog },
    { keys: ['Home', 'End'], label: () => t('ends'), within: inLog },
    { keys: ['Enter'], label: () => t('menu'), within: inLog },
    { keys: ['r'], label: () => t('reply'), within: inLog },
    { keys: ['Enter'], label: () => t('send'), within: inComposer },
    { keys: ['Shift', 'Enter'], label: () => t('newLine'), within: inComposer },
    { keys: ['ArrowUp'], label: () => t('editLast'), within: inComposer },
    { keys: ['@'], label: () => t('mention'), within: inComposer },
    { keys: ['Escape'], label: () => t('cancel'), within: inComposer },
  ],
  panels: {
    'room.side': [{ name: 'talk', label: () => t('talk'), load: () => import('./room-talk') }],
  },
  dialogs: { deleteMessage: () => import('./delete-dialog') },
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
