import type { Card } from 'plenary-client/rest';
import { api } from '../hub/api';
import { live } from '../hub/live';
import { plain } from '../lib/plain';
import type { Talk } from './talk';

export { chosenIn, completeMention, stillChosen } from './chosen';

/** How many are offered. */
const most = 6;
/** How long nothing is typed before the hub is asked, in milliseconds. */
const quiet = 150;

/** People whose name has a word that begins with what was typed, each once. */
export function suggestions(people: readonly Card[], typed: string): Card[] {
  const wanted = plain(typed);
  const fits = ({ name }: Card): boolean => plain(name).startsWith(wanted) || plain(name).split(/\s+/).some((word) => word.startsWith(wanted));
  return people.filter((person, place) => fits(person) && people.findIndex(({ id }) => id === person.id) === place).slice(0, most);
}

/** People who wrote here, most recent first: the likeliest to be mentioned. */
export function recentPeople({ view }: Talk): Card[] {
  return view.messages.value.toReversed().flatMap(({ sender }) => sender ?? []);
}

/** Finds whom to mention: those who wrote here at once, then those who are here, then everybody in the directory. */
export function findPeople(talk: Talk, typed: string, show: (people: Card[]) => void, signal: AbortSignal): void {
  const self = live.value?.hello.value?.person.id;
  const found = recentPeople(talk);
  const more = (people: readonly Card[]): void => {
    found.push(...people);
    if (!signal.aborted) show(suggestions(found.filter(({ id }) => id !== self), typed));
  };
  more([]);
  const ask = async (): Promise<void> => {
    const search = typed.trim();
    const slug = live.value?.store.slug;
    // Without an answer those known so far are offered.
    const here = await talk.view.channel.value?.people(search ? { search } : {}, { signal }).catch(() => undefined);
    more(here?.people ?? []);
    // Elsewhere nobody can read what is said between a few people.
    if (!slug || !search || talk.direct || signal.aborted) return;
    const all = await api.get('/events/{slug}/people', { slug, search, limit: 20, signal }).catch(() => undefined);
    more(all?.items ?? []);
  };
  const timer = setTimeout(() => void ask(), quiet);
  signal.addEventListener('abort', () => clearTimeout(timer));
}
