import type { PlenaryEvents } from 'plenary-client';
import type { EventStore } from '../hub/event';
import { isAt, navigate } from '../lib/router';
import { isVisible } from '../lib/screen';
import { roomsOf } from '../rooms';
import { notify } from '../ui/notices';
import { t } from './labels';

/** Says who mentioned one in which room, unless one is there. Of conversations their own list tells. */
export function showMention(store: EventStore, { channel, message }: PlenaryEvents['mention']): void {
  const room = roomsOf(store).list?.find((one) => one.channel === channel || one.staff_channel === channel);
  if (!room) return;
  const link = store.link('rooms', room.id);
  if (isAt(link) && isVisible.value) return;
  notify(t('mentionedIn', { name: message.sender.name, place: room.name }), { action: { label: t('show'), run: () => navigate(link) } });
}
