import { useSignal } from '@preact/signals';
import { usePages } from '../hub/pages';
import { useSettled } from '../lib/signal-hooks';
import { actions, preparedItems } from '../shell/registry';
import { BadgeTag } from './person-name';
import type { PageProps } from '../shell/manifest';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t as label } from './labels';
import { t } from './texts';
import type { DirectoryPerson } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Button, IconButton } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { SearchBox } from '../ui/inputs';
import { Menu } from '../ui/menu';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import './people.css';

function PersonCard({ store, person }: { store: EventStore; person: DirectoryPerson }) {
  const self = person.id === me.value?.id;
  return (
    <li class="people-card">
      <Avatar person={person} size="large" />
      <div>
        <p class="people-card-name">
          <a class="cover-link" href={store.link('people', person.id)}>
            {person.name}
          </a>
          {self && <span class="soft"> ({t('people.you')})</span>} <BadgeTag badge={person.badge} />
        </p>
        {person.affiliation && <p class="soft small">{person.affiliation}</p>}
        {person.about && <p class="soft small people-card-about">{person.about}</p>}
      </div>
      {!self && (
        <div class="above-cover people-card-actions">
          {actions('person', { person }).map(
            ({ name, icon, button, run }) => icon && button && <IconButton key={name} icon={icon} label={button({ person })} onClick={() => run({ person })} />,
          )}
          <Menu label={label('menu', { name: person.name })} items={() => preparedItems('person', { person })}>
            <Icon name="more" />
          </Menu>
        </div>
      )}
    </li>
  );
}

/** All participants who are listed in the directory. */
export default function People({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const search = useSignal('');
  const wanted = useSettled(search.value.trim());
  const list = usePages('/events/{slug}/people', { slug: store.slug, search: wanted });
  const people = list.items;
  return (
    <div class="page">
      <PageHeading title={t('people.title')} event={store.event.value?.title}>
        {t('people.title')}
      </PageHeading>
      <search class="people-search">
        <SearchBox label={t('people.search')} placeholder={t('people.searchPlaceholder')} value={search.value} onInput={(text) => (search.value = text)} />
      </search>
      {list.error.value && !people ? (
        <Problem problem={list.error.value} retry={() => void list.reload()} />
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
      {list.hasMore && (
        <p>
          <Button busy={list.loadingMore} onClick={() => void list.more()}>
            {t('action.more')}
          </Button>
        </p>
      )}
    </div>
  );
}
