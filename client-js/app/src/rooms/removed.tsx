import { ownBan } from '../hub/bans';
import type { EventStore } from '../hub/event';
import { banText } from '../ui/ban';
import { Empty } from '../ui/empty';
import { t } from './texts';
import type { Room } from 'plenary-client/rest';

/** Says that, and as far as one was told why, one may not be in this room. */
export default function Removed({ store, room }: { store: EventStore; room: Room }) {
  const ban = ownBan(room.id);
  return <Empty icon="ban" title={t('room.removed')} hint={ban && banText(ban, room.name, store.zone.value)} />;
}
