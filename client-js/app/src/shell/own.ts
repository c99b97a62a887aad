import { openDialog } from './dialogs';
import type { Manifest } from './manifest';
import { t } from './labels';

/** What the frame brings itself: the help about keys. */
export default {
  keys: [{ keys: ['?'], label: () => t('keys.help'), run: () => openDialog('keys', {}) }],
  dialogs: { keys: () => import('./keys-dialog') },
} satisfies Manifest;
