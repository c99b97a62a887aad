import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api, query } from '../../api';
import { useResource, useSettled } from '../../lib/signal-hooks';
import { live } from '../../live/live';
import { personActions, writeTo } from '../../people/person-actions';
import { BadgeTag } from '../../people/person-name';
import type { PageProps } from '../../routes';
import { eventStore, type EventStore } from '../../state/event';
import { me } from '../../state/me';
import { t } from '../../texts';
import type { DirectoryPerson, List } from '../../types';
import { Avatar } from '../../ui/avatar';
import { Button, IconButton } from '../../ui/button';
import { Empty, Problem } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { SearchBox } from '../../ui/inputs';
import { Menu } from '../../ui/menu';
import { PageHeading } from '../../ui/page';
import { Skeleton } from '../../ui/skeleton';
import './people.css';

function PersonCard({ store, person }: { store: EventStore; person: DirectoryPerson }) {
  const self = person.id === me.value?.id;
  return (
    <li class="person-card">
      <Avatar person={person} size="large" />
      <div class="person-card-text">
        <p class="person-card-name">
          <a class="cover-link" href={store.link('people', person.id)}>
            {person.name}
          </a>
          {self && <span class="soft"> ({t('people.you')})</span>} <BadgeTag badge={person.badge} />
        </p>
        {person.affiliation && <p class="soft small">{person.affiliation}</p>}
        {person.about && <p class="soft small person-card-about">{person.about}</p>}
      </div>
      {!self && (
        <div class="above-cover person-card-actions">
          {!live.value?.readOnly.value && <IconButton icon="message" label={t('session.writeTo', { name: person.name })} onClick={() => void writeTo([person.id])} />}
          <Menu label={t('people.menu', { name: person.name })} items={() => personActions(person)}>
            <Icon name="more" />
          </Menu>
        </div>
      )}
    </li>
  );
}

/** Everyone who takes part and wants to be found. */
export default function People({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const search = useSignal('');
  const wanted = useSettled(search.value.trim());
  const path = (cursor?: string): string => query(store.path('people'), { search: wanted, cursor });
  const first = useResource(`${store.slug} ${wanted}`, (signal) => api.get<List<DirectoryPerson>>(path(), { signal }));
  const further = useSignal<readonly DirectoryPerson[]>([]);
  const next = useSignal<string | null | undefined>(undefined);
  const loading = useSignal(false);
  useEffect(() => {
    further.value = [];
    next.value = first.data.value?.next;
  }, [first.data.value]);

  const more = async (): Promise<void> => {
    if (!next.value) return;
    loading.value = true;
    const page = await api.get<List<DirectoryPerson>>(path(next.value)).catch(() => undefined);
    if (page) {
      further.value = [...further.value, ...page.items];
      next.value = page.next;
    }
    loading.value = false;
  };

  const people = first.data.value && [...first.data.value.items, ...further.value];
  return (
    <div class="page">
      <PageHeading title={t('people.title')} event={store.event.value?.title}>
        {t('people.title')}
      </PageHeading>
      <search class="people-search">
        <SearchBox label={t('people.search')} placeholder={t('people.searchPlaceholder')} value={search.value} onInput={(text) => (search.value = text)} />
      </search>
      {first.error.value && !people ? (
        <Problem problem={first.error.value} retry={() => void first.reload()} />
      ) : !people ? (
        <Skeleton kind="row" lines={6} />
      ) : !people.length ? (
        wanted ? (
          <Empty icon="search" title={t('people.none')} hint={t('people.noneHint')} />
        ) : (
          <Empty icon="people" title={t('people.empty')} hint={t('people.emptyHint')} />
        )
      ) : (
        <ul class="people-list">
          {people.map((person) => (
            <PersonCard key={person.id} store={store} person={person} />
          ))}
        </ul>
      )}
      {people && next.value && (
        <p>
          <Button busy={loading.value} onClick={() => void more()}>
            {t('action.more')}
          </Button>
        </p>
      )}
    </div>
  );
}
