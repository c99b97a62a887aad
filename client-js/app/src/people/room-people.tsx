import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { useSettled } from '../lib/signal-hooks';
import { BadgeTag, PersonName } from './person-name';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';
import type { Slots } from '../shell/manifest';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { SearchBox } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';
import './room-people.css';

/** The minimum delay before the list is reloaded after somebody came or left. */
const refreshPause = 5000;

/** Who is in the room now, a page at a time. */
export default function RoomPeople({ room, view }: Slots['room.side']) {
  const search = useSignal('');
  const people = useSignal<readonly Card[] | undefined>(undefined);
  const next = useSignal<string | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  const asked = useRef(0);
  const wanted = useSettled(search.value.trim());
  const channel = view?.channel.value;
  const ticks = view?.ticks.value ?? 0;

  const load = async (cursor?: string): Promise<void> => {
    if (!channel) return;
    const turn = ++asked.current;
    try {
      const page = await channel.people({ ...(cursor ? { cursor } : {}), ...(wanted ? { search: wanted } : {}) });
      if (turn !== asked.current) return;
      people.value = cursor ? [...(people.value ?? []), ...page.people] : page.people;
      next.value = page.next;
      problem.value = undefined;
    } catch (failure) {
      if (turn === asked.current) problem.value = failure;
    }
  };

  useEffect(() => void load(), [channel, wanted]);
  useEffect(() => {
    // Readers of further pages are not thrown back to the first one.
    if (!ticks || (people.value?.length ?? 0) > 50) return;
    const timer = setTimeout(() => void load(), refreshPause);
    return () => clearTimeout(timer);
  }, [ticks]);

  return (
    <div class="people-room">
      <SearchBox label={t('room.searchPeople')} value={search.value} onInput={(text) => (search.value = text)} />
      {problem.value && !people.value ? (
        <Problem problem={problem.value} retry={() => void load()} compact />
      ) : !people.value ? (
        <Skeleton kind="row" lines={4} />
      ) : !people.value.length ? (
        <Empty compact icon="people" title={wanted ? t('people.none') : t('room.noneHere')} hint={wanted ? t('people.noneHint') : undefined} />
      ) : (
        <ul>
          {people.value.map((person) => (
            <li key={person.id} class="people-room-person">
              <Avatar person={person} />
              <div>
                <PersonName person={person} room={room.id} {...(person.affiliation ? { beside: person.affiliation } : {})} /> <BadgeTag badge={person.badge} />
                {person.affiliation && <p class="soft small">{person.affiliation}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
      {next.value && <Button onClick={() => void load(next.value)}>{t('action.more')}</Button>}
    </div>
  );
}
