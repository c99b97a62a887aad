import { starsOf } from './store';
import type { EventStore } from '../hub/event';
import { me } from '../hub/me';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { Session } from 'plenary-client/rest';
import { Button, IconButton } from '../ui/button';

/** Adds a session to the person's own programme. Guests have none. */
export function StarButton({ store, session, withText }: { store: EventStore; session: Session; withText?: boolean }) {
  if (me.value?.kind !== 'person') return null;
  const on = starsOf(store).sessions.value.has(session.id);
  const toggle = (): void => {
    starsOf(store).set(session.id, !on).catch(() => notify(t('agenda.starFailed'), { tone: 'danger' }));
  };
  if (withText) {
    return (
      <Button icon="star" class={on ? 'agenda-starred' : ''} aria-pressed={on} onClick={toggle}>
        {on ? t('session.starred') : t('session.star')}
      </Button>
    );
  }
  return <IconButton icon="star" filled={on} label={t('agenda.star', { title: session.title })} aria-pressed={on} onClick={toggle} />;
}
