import type { Sanction } from 'plenary-client';
import { roomsOf } from '../rooms';
import { momentText } from '../lib/format';
import { live } from '../hub/live';
import { useResource } from '../lib/signal-hooks';
import type { Slots } from '../shell/manifest';
import { notify } from '../ui/notices';
import { t } from './texts';
import { Button } from '../ui/button';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import './standing.css';

/** The names that a person had before. */
function FormerNames({ person }: Pick<Slots['person.head'], 'person'>) {
  const client = live.value?.client;
  const history = useResource(client && person.id, (signal) => client!.moderation.history({ person: person.id }, { signal }));
  const names = history.data.value?.former_names ?? [];
  return names.length ? <p class="soft">{t('names.former', { names: names.join(', ') })}</p> : null;
}

/** A person's former names and active sanctions, for moderators. */
export default function Standing({ store, person, reload }: Slots['person.head']) {
  const lift = async (sanction: Sanction): Promise<void> => {
    try {
      await live.value?.client.moderation.lift(sanction.id);
      notify(t('moderation.lifted'));
      reload();
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };
  return (
    <>
      <FormerNames person={person} />
      {Boolean(person.standing?.length) && (
        <ul class="moderation-standing">
          {person.standing?.map((sanction) => (
            <li key={sanction.id} class="moderation-standing-row">
              <Icon name={sanction.kind === 'ban' ? 'ban' : 'clock'} />
              <div>
                <p>
                  <strong>{t(sanction.kind === 'ban' ? 'standing.banned' : 'standing.timedOut')}</strong>
                  {sanction.expires_at !== undefined && <> {t('standing.until', { time: momentText(sanction.expires_at, store.zone.value) })}</>}
                </p>
                <p class="small">{[sanction.reason, sanction.room && roomsOf(store).find(sanction.room)?.name].filter(Boolean).join(' · ')}</p>
              </div>
              <Button small onClick={() => void lift(sanction)}>
                {t('moderation.lift')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
