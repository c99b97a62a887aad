import { PlenaryError } from 'plenary-client/rest';
import { api } from '../hub/api';
import { languageName, longDay, timeOfDay } from '../lib/format';
import { useResource } from '../lib/signal-hooks';
import { live } from '../hub/live';
import { personActions, writeTo } from './person-actions';
import { BadgeTag } from './person-name';
import type { PageProps } from '../shell/routes';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t } from '../texts';
import type { DirectoryPerson } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Button, ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Standing } from '../moderation/standing';
import './person.css';

function Talks({ store, person }: { store: EventStore; person: DirectoryPerson }) {
  const agenda = store.agenda.value;
  const speaks = new Set(agenda?.agenda.speakers.filter((speaker) => speaker.person === person.id).map((speaker) => speaker.id));
  const sessions = agenda?.ordered.filter((session) => session.speakers.some((id) => speaks.has(id))) ?? [];
  if (!sessions.length) return null;
  return (
    <section class="stack-small" aria-labelledby="person-sessions">
      <h2 id="person-sessions">{t('people.sessions')}</h2>
      <ul class="stack-small">
        {sessions.map((session) => (
          <li key={session.id} class="person-session">
            <a href={store.link('agenda', session.id)}>{session.title}</a>
            <span class="soft small">
              {longDay(session.starts_at, store.zone.value)}, {timeOfDay(session.starts_at, store.zone.value)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

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
    <div class="page person">
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
        <article class="card person-sheet">
          <header class="person-head">
            <Avatar person={person} size="huge" />
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
                {t('nav.profile')}
              </ButtonLink>
            </p>
          ) : (
            <div class="row">
              {!live.value?.readOnly.value && (
                <Button tone="primary" icon="message" onClick={() => void writeTo([person.id])}>
                  {t('people.write')}
                </Button>
              )}
              <Menu label={t('people.menu', { name: person.name })} items={() => personActions(person)}>
                <Icon name="more" />
              </Menu>
            </div>
          )}
          {person.standing && person.standing.length > 0 && <Standing sanctions={person.standing} store={store} onLifted={() => void loaded.reload()} />}
          {person.about && <p class="prose">{person.about}</p>}
          {person.languages.length > 0 && (
            <dl class="facts">
              <dt>{t('people.speaks')}</dt>
              <dd>{person.languages.map(languageName).join(', ')}</dd>
            </dl>
          )}
          <Talks store={store} person={person} />
        </article>
      )}
    </div>
  );
}
