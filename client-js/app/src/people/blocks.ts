import { signal } from '@preact/signals';
import { live } from '../hub/live';
import { notify } from '../ui/notices';
import { t } from './labels';
import type { Card } from 'plenary-client/rest';
import { problemText } from '../ui/empty';

const failed = (problem: unknown): void => notify(problemText(problem), { tone: 'danger' });

/** The blocked people; undefined until loaded. */
export const blocks = signal<readonly Card[] | undefined>(undefined);

export async function loadBlocks(): Promise<void> {
  blocks.value = (await live.value?.client.blocks()) ?? [];
}

/** Knows them before anybody is offered to be blocked once more. */
export const knowBlocks = async (): Promise<void> => void (blocks.value ?? (await loadBlocks()));

/** Blocks or unblocks somebody, and shows a notice. */
export async function setBlocked(person: Card, on: boolean): Promise<void> {
  const client = live.value?.client;
  if (!client) return;
  try {
    await (on ? client.block(person.id) : client.unblock(person.id));
    const others = (blocks.value ?? []).filter((blocked) => blocked.id !== person.id);
    blocks.value = on ? [...others, person] : others;
    notify(t(on ? 'blocked' : 'unblocked', { name: person.name }), on ? { action: { label: t('action.undo'), run: () => void setBlocked(person, false) } } : {});
  } catch (problem) {
    failed(problem);
  }
}
