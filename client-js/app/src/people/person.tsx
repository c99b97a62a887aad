import { PlenaryError } from 'plenary-client/rest';
import { api } from '../hub/api';
import { languageName } from '../lib/format';
import { useResource } from '../lib/signal-hooks';
import { Panels } from '../shell/panels';
import { actions, preparedItems } from '../shell/registry';
import { BadgeTag } from './person-name';
import type { PageProps } from '../shell/manifest';
import { eventStore } from '../hub/event';
import { me } from '../hub/me';
import { t as label } from './labels';
import { t } from './texts';
import { Avatar } from '../ui/avatar';
import { Button, ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import './person.css';

/** One person, as they present themselves. */
export default function PersonPage({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const id = params['person']!;
  const loaded = useResource(`${store.slug} ${id}`, (signal) => api.get('/events/{slug}/people/{id}', { slug: store.slug, id, signal }));
  const person = loaded.data.value;
  const problem = loaded.error.value;

  if (problem instanceof PlenaryError && problem.status === 404) {
    return (
      <div class="page">
        <PageHeading class="visually-hidden" title={t('people.none')}>
          {t('people.none')}
        </PageHeading>
        <Empty icon="person" title={t('people.none')}>
          <ButtonLink href={store.link('people')}>{t('people.title')}</ButtonLink>
        </Empty>
      </div>
    );
  }
  const self = id === me.value?.id;
  return (
    <div class="page people-person">
      <p>
        <a class="back-link" href={store.link('people')}>
          <Icon name="back" />
          {t('people.title')}
        </a>
      </p>
      {problem && !person ? (
        <Problem problem={problem} retry={() => void loaded.reload()} />
      ) : !person ? (
        <Skeleton lines={5} />
      ) : (
        <article class="card people-sheet">
          <header class="people-head">
            <Avatar person={{ ...person, picture: person.picture && `${person.picture}?size=large` }} size="huge" />
            <div class="stack-small">
              <PageHeading title={person.name} event={store.event.value?.title}>
                {person.name}
              </PageHeading>
              {person.affiliation && <p class="soft">{person.affiliation}</p>}
              <p>
                <BadgeTag badge={person.badge} />
              </p>
            </div>
          </header>
          {self ? (
            <p>
              <ButtonLink href={store.link('profile')} icon="edit">
                {t('people.toProfile')}
              </ButtonLink>
            </p>
          ) : (
            <div class="row">
              {actions('person', { person })
                .filter((action) => action.button)
                .map((action) => (
                  <Button key={action.name} tone="primary" {...(action.icon ? { icon: action.icon } : {})} onClick={() => action.run({ person })}>
                    {action.label({ person })}
                  </Button>
                ))}
              <Menu label={label('menu', { name: person.name })} items={() => preparedItems('person', { person })}>
                <Icon name="more" />
              </Menu>
            </div>
          )}
          <Panels slot="person.head" props={{ store, person, reload: () => void loaded.reload() }} />
          {person.about && <p class="prose">{person.about}</p>}
          {person.languages.length > 0 && (
            <dl class="facts">
              <dt>{t('people.speaks')}</dt>
              <dd>{person.languages.map(languageName).join(', ')}</dd>
            </dl>
          )}
          <Panels slot="person.body" props={{ store, person, reload: () => void loaded.reload() }} />
        </article>
      )}
    </div>
  );
}
