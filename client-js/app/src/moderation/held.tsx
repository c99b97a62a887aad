import { api } from '../hub/api';
import { moderates } from '../hub/rights';
import type { EventStore } from '../hub/event';
import { dateAndTime } from '../lib/format';
import { useResource } from '../lib/signal-hooks';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { HeldRegistration } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { problemText } from '../ui/empty';

/** People who registered with the mailbox of somebody who is banned, and wait for a decision. Nothing while there are none. */
export function Held({ store }: { store: EventStore }) {
  const loaded = useResource(moderates() ? store.slug : undefined, (signal) => api.get('/events/{slug}/registrations/held', { slug: store.slug, signal }));
  const waiting = loaded.data.value?.items ?? [];
  if (!waiting.length) return null;

  const decide = async ({ id, person }: HeldRegistration, what: 'admit' | 'turn-away'): Promise<void> => {
    try {
      await api.post(`/events/{slug}/registrations/{id}/${what}`, { slug: store.slug, id });
      notify(t(what === 'admit' ? 'held.admitted' : 'held.turnedAway', { name: person.name }));
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
    await loaded.reload();
  };
  return (
    <section class="stack-small moderation-panel" aria-labelledby="held-title">
      <h2 id="held-title">{t('held.title')}</h2>
      <p class="soft">{t('held.hint')}</p>
      <ul class="card item-list">
        {waiting.map((registration) => (
          <li key={registration.id} class="item">
            <Avatar person={registration.person} />
            <div class="item-text">
              <p>
                <strong>{registration.person.name}</strong>
              </p>
              <p>{t('held.same', { name: registration.same_mailbox_as.name })}</p>
              <p class="soft small">{dateAndTime(registration.since)}</p>
            </div>
            <Button small aria-label={t('held.admitOf', { name: registration.person.name })} onClick={() => void decide(registration, 'admit')}>
              {t('held.admit')}
            </Button>
            <Button small aria-label={t('held.turnAwayOf', { name: registration.person.name })} onClick={() => void decide(registration, 'turn-away')}>
              {t('held.turnAway')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
