import { signal } from '@preact/signals';
import { live } from '../hub/live';
import { moderates } from '../hub/rights';
import { openDialog } from '../ui/dialogs';
import { navigate } from '../lib/router';
import { notify } from '../ui/notices';
import { t } from '../texts';
import type { Card, PersonId, RoomId } from 'plenary-client/rest';
import { problemText } from '../ui/empty';
import type { MenuItem } from '../ui/menu';

const failed = (problem: unknown): void => notify(problemText(problem), { tone: 'danger' });

/** Whom one blocks; undefined until it has been asked for. */
export const blocks = signal<readonly Card[] | undefined>(undefined);

export async function loadBlocks(): Promise<void> {
  blocks.value = (await live.value?.client.blocks()) ?? [];
}

/** Opens the conversation with exactly these people. */
export async function writeTo(people: readonly PersonId[]): Promise<void> {
  const current = live.value;
  if (!current) return;
  try {
    const channel = await current.openDirect([...people]);
    navigate(current.store.link('messages', channel));
  } catch (problem) {
    failed(problem);
  }
}

/** Blocks or unblocks somebody, and says so. */
export async function setBlocked(person: Card, on: boolean): Promise<void> {
  const client = live.value?.client;
  if (!client) return;
  try {
    await (on ? client.block(person.id) : client.unblock(person.id));
    const others = (blocks.value ?? []).filter((blocked) => blocked.id !== person.id);
    blocks.value = on ? [...others, person] : others;
    notify(t(on ? 'people.blocked' : 'people.unblocked', { name: person.name }), on ? { action: { label: t('action.undo'), run: () => void setBlocked(person, false) } } : {});
  } catch (problem) {
    failed(problem);
  }
}

/** What can be done about a person; in a room its moderators see theirs too. */
export function personActions(person: Card, room?: RoomId): MenuItem[] {
  const current = live.value;
  if (!current) return [];
  const items: MenuItem[] = [{ label: t('people.view'), icon: 'person', run: () => navigate(current.store.link('people', person.id)) }];
  if (!current.readOnly.value && person.badge !== 'guest') {
    const blocked = blocks.value?.some((other) => other.id === person.id) ?? false;
    items.push({ label: t('people.write'), icon: 'message', run: () => void writeTo([person.id]) });
    items.push({ label: blocked ? t('people.unblock') : t('people.block'), icon: 'ban', run: () => void setBlocked(person, !blocked) });
  }
  if (moderates(room)) {
    const place = room ? { room } : {};
    items.push({ label: t('moderation.timeOut'), icon: 'clock', apart: true, danger: true, run: () => openDialog({ kind: 'time_out', person, ...place }) });
    items.push({ label: t('moderation.ban'), icon: 'ban', danger: true, run: () => openDialog({ kind: 'ban', person, ...place }) });
  }
  return items;
}
