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

/** The delay before the list is reloaded after somebody came or left. */
const refreshPause = 5000;
/** How many people the hub names at once. */
const pageSize = 50;
/** How many pages are kept up to date; further ones are loaded again. */
const mostPages = 10;

/** Who is in the room now, a page at a time. */
export default function RoomPeople({ room, view }: Slots['room.side']) {
  const search = useSignal('');
  const people = useSignal<readonly Card[] | undefined>(undefined);
  const next = useSignal<string | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  const timedOut = useSignal<ReadonlySet<string>>(new Set());
  const asked = useRef(0);
  const wanted = useSettled(search.value.trim());
  const channel = view?.channel.value;
  const ticks = view?.ticks.value ?? 0;

  const load = async (cursor?: string, pages = 1): Promise<void> => {
    if (!channel) return;
    const turn = ++asked.current;
    try {
      const found = cursor ? [...(people.value ?? [])] : [];
      const marked = cursor ? [...timedOut.value] : [];
      let from = cursor;
      for (let page = 0; page < pages; page++) {
        const answer = await channel.people({ ...(from ? { cursor: from } : {}), ...(wanted ? { search: wanted } : {}) });
        found.push(...answer.people);
        marked.push(...(answer.timed_out ?? []));
        from = answer.next;
        if (!from) break;
      }
      if (turn !== asked.current) return;
      people.value = found;
      timedOut.value = new Set(marked);
      next.value = from;
      problem.value = undefined;
    } catch (failure) {
      if (turn === asked.current) problem.value = failure;
    }
  };

  useEffect(() => void load(), [channel, wanted]);
  // In a lively room somebody always comes or goes: the list waits for a moment, not for silence.
  // As many pages as are shown: nobody is thrown back to the first one.
  const latest = useRef(load);
  latest.current = () => load(undefined, Math.min(mostPages, Math.max(1, Math.ceil((people.value?.length ?? 0) / pageSize))));
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (!ticks || due.current) return;
    due.current = setTimeout(() => {
      due.current = undefined;
      void latest.current();
    }, refreshPause);
  }, [ticks]);
  useEffect(() => () => clearTimeout(due.current), []);

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
                <PersonName person={person} room={room.id} beside={person.affiliation} /> <BadgeTag badge={person.badge} />
                {timedOut.value.has(person.id) && (
                  <>
                    {' '}
                    <span class="badge" data-tone="warn">
                      {t('room.timedOut')}
                    </span>
                  </>
                )}
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
