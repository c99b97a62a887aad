import type { Slots } from '../shell/manifest';
import { moderates } from '../hub/rights';
import { Conversation } from './conversation';

/** The conversation of a room. */
export default function RoomTalk({ store, room, view }: Slots['room.side']) {
  return <Conversation view={view} zone={store.zone.value} name={room.name} room={room.id} moderator={moderates(room.id)} />;
}
