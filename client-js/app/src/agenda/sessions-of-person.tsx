import { longDay, timeOfDay } from '../lib/format';
import type { Slots } from '../shell/manifest';
import { agendaOf } from './store';
import { t } from './texts';
import './sessions-of-person.css';

/** A person's sessions as a speaker. */
export default function SessionsOfPerson({ store, person }: Slots['person.body']) {
  const agenda = agendaOf(store).value.value;
  const speaks = new Set(agenda?.agenda.speakers.filter((speaker) => speaker.person === person.id).map((speaker) => speaker.id));
  const sessions = agenda?.ordered.filter((session) => session.speakers.some((id) => speaks.has(id))) ?? [];
  if (!sessions.length) return null;
  return (
    <section class="stack-small" aria-labelledby="person-sessions">
      <h2 id="person-sessions">{t('speaker.sessions')}</h2>
      <ul class="stack-small">
        {sessions.map((session) => (
          <li key={session.id} class="agenda-of-person">
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
