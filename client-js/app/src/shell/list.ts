import account from '../account/manifest';
import agenda from '../agenda/manifest';
import chat from '../chat/manifest';
import directs from '../directs/manifest';
import event from '../event/manifest';
import moderation from '../moderation/manifest';
import organize from '../organize/manifest';
import people from '../people/manifest';
import registration from '../registration/manifest';
import rooms from '../rooms/manifest';
import type { Manifest } from './manifest';
import own from './own';

/**
 * What the app consists of. The order is that of the places, keys, panels and actions they bring. This is the only
 * module that names capabilities.
 *
 * The manifests come with the app, since nothing can be drawn before it is known whose page an address is; all that
 * they name comes when it is wanted.
 */
export const capabilities: readonly Manifest[] = [
  own,
  event,
  agenda,
  rooms,
  directs,
  chat,
  registration,
  account,
  people,
  organize,
  moderation,
];
