import { agendaOf } from './store';
import { progress, speakersOf } from './arrange';
import { lengthText, Progress, TimeLeft, TrackTag } from './parts';
import { Wait } from '../ui/wait';
import { Prose } from './prose';
import { StarButton } from './star-button';
import { languageName, longDay, timeRange } from '../lib/format';
import { safeUrl } from '../lib/links';
import type { PageProps } from '../shell/manifest';
import { now } from '../hub/clock';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t } from './texts';
import type { Session, Speaker } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { ButtonLink } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Icon } from '../ui/icon';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import './session.css';

function SpeakerCard({ store, speaker }: { store: EventStore; speaker: Speaker }) {
  const link = speaker.person && speaker.person !== me.value?.id ? store.link('people', speaker.person) : undefined;
  return (
    <li class="agenda-speaker">
      <Avatar size="large" person={{ id: speaker.id, name: speaker.name, picture: speaker.picture }} />
      <div class="stack-small">
        <h3>{link ? <a href={link}>{speaker.name}</a> : speaker.name}</h3>
        {speaker.biography && <Prose class="soft" text={speaker.biography} />}
      </div>
    </li>
  );
}

function When({ store, session }: { store: EventStore; session: Session }) {
  const zone = store.zone.value;
  const live = session.starts_at <= now.value && now.value < session.ends_at;
  return (
    <div class="agenda-session-when stack-small">
      <p>
        <strong>{longDay(session.starts_at, zone)}</strong>
        <br />
        <time dateTime={new Date(session.starts_at).toISOString()}>{timeRange(session.starts_at, session.ends_at, zone)}</time>
        <span class="soft"> · {lengthText(session)}</span>
      </p>
      {session.state === 'cancelled' ? (
        <p>
          <span class="badge" data-tone="danger">
            {t('agenda.cancelled')}
          </span>
        </p>
      ) : live ? (
        <>
          <p class="spread small">
            <span class="badge" data-tone="live">
              {t('agenda.live')}
            </span>
            <span class="soft">
              <TimeLeft session={session} />
            </span>
          </p>
          <Progress part={progress(session, now.value)} />
        </>
      ) : (
        session.starts_at > now.value && (
          <p class="soft small row">
            <Icon name="clock" />
            {t('session.startsIn')} <Wait until={session.starts_at} />
          </p>
        )
      )}
    </div>
  );
}

function Facts({ store, session }: { store: EventStore; session: Session }) {
  const room = session.room ?? undefined;
  const roomName = room && agendaOf(store).value.value?.roomNames.get(room);
  const more = safeUrl(session.url);
  return (
    <aside class="card stack agenda-session-facts">
      <When store={store} session={session} />
      {room && roomName && (
        <ButtonLink tone="primary" href={store.link('rooms', room)}>
          {t('session.toRoom', { room: roomName })}
        </ButtonLink>
      )}
      <StarButton store={store} session={session} withText />
      <dl class="facts">
        {session.kind && (
          <>
            <dt>{t('session.kind')}</dt>
            <dd>{session.kind}</dd>
          </>
        )}
        {session.language && (
          <>
            <dt>{t('session.language')}</dt>
            <dd>{languageName(session.language)}</dd>
          </>
        )}
      </dl>
      {more && (
        <p class="small">
          <a href={more} target="_blank" rel="noopener noreferrer">
            {t('session.more')}
          </a>
        </p>
      )}
    </aside>
  );
}

/** One session: what it is about, who speaks, when and where. */
export default function SessionPage({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const agenda = agendaOf(store).value.value;
  if (!agenda) {
    return (
      <div class="page">
        {agendaOf(store).problem.value ? <Problem problem={agendaOf(store).problem.value} retry={() => void agendaOf(store).load()} /> : <Skeleton lines={8} />}
      </div>
    );
  }
  const session = agenda.sessions.get(params['session']!);
  if (!session) {
    return (
      <div class="page">
        <PageHeading class="visually-hidden" title={t('session.unknown')}>
          {t('session.unknown')}
        </PageHeading>
        <Empty icon="agenda" title={t('session.unknown')} hint={t('session.unknownHint')}>
          <ButtonLink href={store.link('agenda')}>{t('session.toAgenda')}</ButtonLink>
        </Empty>
      </div>
    );
  }
  const speakers = speakersOf(agenda, session);
  return (
    <article class="page">
      <p>
        <a class="back-link" href={store.link('agenda')}>
          <Icon name="back" />
          {t('agenda.title')}
        </a>
      </p>
      <div class="agenda-session-columns">
        <div class="stack-small">
          <TrackTag index={agenda} session={session} />
          <PageHeading class="agenda-session-title" title={session.title} event={store.event.value?.title}>
            {session.title}
          </PageHeading>
          {session.subtitle && <p class="agenda-session-subtitle soft">{session.subtitle}</p>}
        </div>
        <Facts store={store} session={session} />
        <div class="agenda-session-body stack">
          {session.abstract && <Prose class="agenda-session-abstract" text={session.abstract} />}
          {session.description && <Prose text={session.description} />}
          {speakers.length > 0 && (
            <section class="stack" aria-labelledby="speakers">
              <h2 id="speakers">{t(speakers.length === 1 ? 'session.speaker' : 'session.speakers')}</h2>
              <ul class="stack">
                {speakers.map((speaker) => (
                  <SpeakerCard key={speaker.id} store={store} speaker={speaker} />
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </article>
  );
}
