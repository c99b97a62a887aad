import { agendaOf } from './store';
import { comingUp, dayOf, onNow, progress } from '../agenda/arrange';
import { trackColour } from '../agenda/colour';
import { Progress, speakerNames, TimeLeft } from '../agenda/parts';
import { Wait } from '../ui/wait';
import { StarButton } from '../agenda/star-button';
import { shortDay, timeOfDay, timeRange } from '../lib/format';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';
import type { Slots } from '../shell/manifest';
import './stage.css';

function Slide({ store, session, live }: { store: EventStore; session: Session; live: boolean }) {
  const agenda = agendaOf(store).value.value!;
  return (
    <>
      <p class="agenda-slide-state">
        {live ? (
          <span class="badge" data-tone="live">
            {t('stage.onNow')}
          </span>
        ) : (
          <span class="soft">
            {t('stage.soon')} <strong class="agenda-slide-wait"><Wait until={session.starts_at} /></strong>
          </span>
        )}
      </p>
      <h2 class="agenda-slide-title">
        <a class="plain-link" href={store.link('agenda', session.id)}>
          {session.title}
        </a>
      </h2>
      <p class="agenda-slide-speakers">{speakerNames(agenda, session)}</p>
      <div class="agenda-slide-foot">
        <p class="agenda-slide-times small">
          <time>{timeRange(session.starts_at, session.ends_at, store.zone.value)}</time>
          {live && <TimeLeft session={session} />}
        </p>
        {live && <Progress part={progress(session, now.value)} />}
      </div>
    </>
  );
}

/** The time of day, with the date if it is not today. */
function When({ at, zone }: { at: number; zone: string }) {
  const today = dayOf(at, zone) === dayOf(now.value, zone);
  return (
    <time class="agenda-next-time" dateTime={new Date(at).toISOString()}>
      {timeOfDay(at, zone)}
      {!today && <span class="soft small">{shortDay(at, zone)}</span>}
    </time>
  );
}

/** The place of the video. While there is none, it shows what is on, or what comes next and when. */
export default function Stage({ store, room }: Slots['room.stage']) {
  const agenda = agendaOf(store).value.value;
  const current = agenda && onNow(agenda, now.value, room.id)[0];
  const coming = agenda ? comingUp(agenda, now.value, 4, room.id) : [];
  const shown = current ?? coming[0];
  const answered = agenda ?? agendaOf(store).problem.value;
  const after = current ? coming.slice(0, 3) : coming.slice(1);
  const track = shown?.track ? agenda?.tracks.get(shown.track) : undefined;
  return (
    <>
      <section class="agenda-slide" aria-label={t('stage.label')} style={track ? { '--track': trackColour(track) } : {}}>
        {shown ? (
          <Slide store={store} session={shown} live={Boolean(current)} />
        ) : answered ? (
          <>
            <h2 class="agenda-slide-title">{t('stage.quiet')}</h2>
            <p class="agenda-slide-speakers">{room.description || t('stage.noPictureHint')}</p>
          </>
        ) : null}
      </section>
      {current && !after.length && <p class="agenda-next soft">{t('stage.nothingNext')}</p>}
      {after.length > 0 && (
        <section class="agenda-next" aria-labelledby="room-next">
          <h2 id="room-next">{t('stage.next')}</h2>
          <ul>
            {after.map((session) => (
              <li key={session.id} class="agenda-next-row">
                <When at={session.starts_at} zone={store.zone.value} />
                <a class="plain-link" href={store.link('agenda', session.id)}>
                  {session.title}
                </a>
                <StarButton store={store} session={session} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
