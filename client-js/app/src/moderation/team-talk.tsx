import { Conversation } from '../chat';
import { useChannel } from '../hub/use-channel';
import type { Slots } from '../shell/manifest';
import { t } from './labels';

/** The conversation of a room's team. */
export default function TeamTalk({ store, room }: Slots['room.side']) {
  const view = useChannel(room.staff_channel ?? undefined);
  return <Conversation view={view} zone={store.zone.value} name={`${room.name}, ${t('team')}`} moderator />;
}
