import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { useResource, useSettled } from '../lib/signal-hooks';
import type { EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { SearchBox } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';
import './person-picker.css';

/** Chooses up to `most` people from the directory. */
export function PersonPicker({ store, chosen, most }: { store: EventStore; chosen: Signal<readonly Card[]>; most: number }) {
  const search = useSignal('');
  const wanted = useSettled(search.value.trim());
  const found = useResource(wanted, (signal) => api.get('/events/{slug}/people', { slug: store.slug, search: wanted, limit: 20, signal }));
  const full = chosen.value.length >= most;
  const isChosen = (person: Card): boolean => chosen.value.some((other) => other.id === person.id);
  const toggle = (person: Card): void => {
    if (isChosen(person)) chosen.value = chosen.value.filter((other) => other.id !== person.id);
    else if (!full) chosen.value = most === 1 ? [person] : [...chosen.value, person];
  };
  const people = found.data.value?.items.filter((person) => person.id !== me.value?.id) ?? [];
  return (
    <div class="stack-small">
      {chosen.value.length > 0 && (
        <ul class="row" aria-label={t('picker.to')}>
          {chosen.value.map((person) => (
            <li key={person.id}>
              <button type="button" class="chip" aria-label={t('action.removeName', { name: person.name })} onClick={() => toggle(person)}>
                {person.name}
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <SearchBox label={t('people.search')} placeholder={t('people.searchPlaceholder')} value={search.value} onInput={(text) => (search.value = text)} />
      {full && most > 1 && <p class="soft small">{t('picker.full', { count: most + 1 })}</p>}
      <div class="people-picker-list" role="group" aria-label={t('people.title')}>
        {!found.data.value ? (
          <Skeleton kind="row" lines={3} />
        ) : !people.length ? (
          <p class="soft">{t('people.none')}</p>
        ) : (
          people.map((person) => (
            <button type="button" key={person.id} class="people-picker-person" aria-pressed={isChosen(person)} disabled={full && most > 1 && !isChosen(person)} onClick={() => toggle(person)}>
              <Avatar person={person} />
              <span class="people-picker-name">
                {person.name}
                {person.affiliation && <span class="soft small">{person.affiliation}</span>}
              </span>
              {isChosen(person) && <Icon name="check" />}
            </button>
          ))
        )}
      </div>
    </div>
  );
}
