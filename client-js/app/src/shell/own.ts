import { openDialog } from './dialogs';
import type { Manifest } from './manifest';
import { t } from './labels';

/** The frame's own manifest: the help about keys. */
export default {
  keys: [{ keys: ['?'], label: () => t('keys.help'), run: () => openDialog('keys', {}) }],
  dialogs: { keys: () => import('./keys-dialog') },
} satisfies Manifest;
