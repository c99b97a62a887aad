import { computed, signal } from '@preact/signals';
import type { DirectSummary } from 'plenary-client';
import { perOwner } from '../hub/event';
import { live, type Live } from '../hub/live';
import type { PersonId } from 'plenary-client/rest';
import { navigate } from '../lib/router';
import { problemText } from '../ui/empty';
import { notify } from '../ui/notices';

/** The person's conversations. */
class Directs {
  readonly list = signal<readonly DirectSummary[]>([]);
  /** Unread messages of all conversations. */
  readonly unread = computed(() => this.list.value.reduce((sum, direct) => sum + direct.unread, 0));
  /** Opened conversations without a message, which are in no list yet. */
  readonly #opened = signal<ReadonlyMap<string, DirectSummary>>(new Map());
  readonly #live: Live;

  constructor(connection: Live) {
    this.#live = connection;
    connection.client.directs.on('update', (directs) => (this.list.value = directs));
  }

  /** Finds or creates the conversation with exactly these people; returns its channel. */
  async open(people: readonly PersonId[]): Promise<string> {
    const direct = await this.#live.client.directs.open([...people]);
    this.#opened.value = new Map(this.#opened.value).set(direct.channel, direct);
    return direct.channel;
  }

  /** The participants of a conversation, if known without asking the hub. */
  find(channel: string): DirectSummary | undefined {
    return this.list.value.find((direct) => direct.channel === channel) ?? this.#opened.value.get(channel);
  }
}

export const directsOf = perOwner((connection: Live) => new Directs(connection));

/** Opens the conversation with exactly these people. */
export async function writeTo(people: readonly PersonId[]): Promise<void> {
  const current = live.value;
  if (!current) return;
  try {
    const channel = await directsOf(current).open(people);
    navigate(current.store.link('messages', channel));
  } catch (problem) {
    notify(problemText(problem), { tone: 'danger' });
  }
}
