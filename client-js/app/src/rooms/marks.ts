import { agendaOf, onNow } from '../agenda';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { live } from '../hub/live';
import { isAt } from '../lib/router';
import { isVisible } from '../lib/screen';
import type { Mark } from '../shell/manifest';
import type { Room } from 'plenary-client/rest';
import { t } from './labels';

/** A number of mentions. */
const mentionMark = (count: number): Mark => ({ count, mention: true, text: t('mentions', { count }) });

/** What is unread in a room: mentions are counted; other messages are a dot, so that a busy room does not distract. */
export function unreadMarks(store: EventStore, room: Room): Mark[] {
  // Whoever looks at a room reads it.
  const unread = isAt(store.link('rooms', room.id)) && isVisible.value ? undefined : live.value?.unread.value.get(room.channel);
  if (unread?.mentions) return [mentionMark(unread.mentions)];
  return unread?.unread ? [{ text: t('new') }] : [];
}

/** The same of all rooms together. */
export function unreadOfAll(store: EventStore, rooms: readonly Room[]): Mark[] {
  const marks = rooms.flatMap((room) => unreadMarks(store, room));
  const count = marks.reduce((sum, mark) => sum + (mark.count ?? 0), 0);
  return count ? [mentionMark(count)] : marks.slice(0, 1);
}

/** Everything beside a room's name in the navigation. */
export function marksOf(store: EventStore, room: Room): Mark[] {
  const agenda = agendaOf(store).value.value;
  const marks = unreadMarks(store, room);
  if (agenda && onNow(agenda, now.value, room.id).length > 0) marks.push({ live: true, text: t('onNow') });
  return marks;
}
