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
import welcome from '../welcome/manifest';
import type { Manifest } from './manifest';
import own from './own';

/**
 * The app's capabilities. Their order determines that of their places, keys, panels and actions. This is the only
 * module that names capabilities.
 *
 * The manifests are loaded with the app, since they are needed to find the page of an address; everything they name is
 * loaded on demand.
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
  welcome,
];
