import type { Message } from 'plenary-client';
import type { ChannelView } from '../hub/channel-view';
import { live } from '../hub/live';

/** The announcements that one has not seen, the oldest first. */
export function unseen(view: ChannelView | undefined): Message[] {
  const self = live.value?.hello.value?.person.id;
  const read = view?.state.value?.read.seq ?? Infinity;
  return (view?.messages.value ?? []).filter(
    (message): message is Message => !message.pending && !message.deleted && message.seq > read && message.sender.id !== self,
  );
}
