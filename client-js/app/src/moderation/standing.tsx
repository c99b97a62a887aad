import type { Sanction } from 'plenary-client';
import { dateAndTime } from '../lib/format';
import { live } from '../hub/live';
import type { EventStore } from '../hub/event';
import { notify } from '../ui/notices';
import { t } from '../texts';
import { Button } from '../ui/button';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';

/** What is in force against a person, for moderators. */
export function Standing({ sanctions, store, onLifted }: { sanctions: readonly Sanction[]; store: EventStore; onLifted: () => void }) {
  const lift = async (sanction: Sanction): Promise<void> => {
    try {
      await live.value?.client.moderation.lift(sanction.id);
      notify(t('moderation.lifted'));
      onLifted();
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };
  return (
    <ul class="standing">
      {sanctions.map((sanction) => (
        <li key={sanction.id} class="standing-row">
          <Icon name={sanction.kind === 'ban' ? 'ban' : 'clock'} />
          <div>
            <p>
              <strong>{t(sanction.kind === 'ban' ? 'people.banned' : 'people.timedOut')}</strong>
              {sanction.expires_at !== undefined && <> {t('people.until', { time: dateAndTime(sanction.expires_at) })}</>}
            </p>
            <p class="small">{[sanction.reason, sanction.room && store.room(sanction.room)?.name].filter(Boolean).join(' · ')}</p>
          </div>
          <Button small onClick={() => void lift(sanction)}>
            {t('moderation.lift')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
