import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Sanction } from 'plenary-client';
import { dateAndTime } from '../../lib/format';
import { live } from '../../live/live';
import type { EventStore } from '../../state/event';
import { notify } from '../../state/toasts';
import { t } from '../../texts';
import { to } from '../../texts/organize';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { Empty, Problem, problemText } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';

/** Time-outs and bans in force, each to be lifted. */
export function Sanctions({ store }: { store: EventStore }) {
  const sanctions = useSignal<readonly Sanction[] | undefined>(undefined);
  const next = useSignal<string | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  const client = live.value?.client;

  const load = async (cursor?: string): Promise<void> => {
    try {
      const page = await client?.moderation.sanctions(cursor ? { cursor } : {});
      if (!page) return;
      sanctions.value = cursor ? [...(sanctions.value ?? []), ...page.sanctions] : page.sanctions;
      next.value = page.next;
      problem.value = undefined;
    } catch (failure) {
      problem.value = failure;
    }
  };
  useEffect(() => void load(), [client]);

  const lift = async (sanction: Sanction): Promise<void> => {
    try {
      await client?.moderation.lift(sanction.id);
      sanctions.value = sanctions.value?.filter((other) => other.id !== sanction.id);
      notify(t('moderation.lifted'));
    } catch (failure) {
      notify(problemText(failure), { tone: 'danger' });
    }
  };

  if (problem.value && !sanctions.value) return <Problem problem={problem.value} retry={() => void load()} />;
  if (!sanctions.value) return <Skeleton kind="row" lines={4} />;
  if (!sanctions.value.length) return <Empty icon="shield" title={to('moderate.noSanctions')} hint={to('moderate.noSanctionsHint')} />;
  return (
    <div class="stack moderate-panel">
      <ul class="card item-list">
        {sanctions.value.map((sanction) => {
          const facts = [
            sanction.room ? store.room(sanction.room)?.name : to('moderate.event'),
            !sanction.expires_at ? to('moderate.forGood') : to('moderate.until', { time: dateAndTime(sanction.expires_at) }),
            sanction.by && to('moderate.by', { name: sanction.by.name }),
          ];
          return (
            <li key={sanction.id} class="item">
              <Avatar person={sanction.person} />
              <div class="item-text">
                <p>
                  <strong>{sanction.person.name}</strong>{' '}
                  <span class="badge" data-tone={sanction.kind === 'ban' ? 'danger' : 'warn'}>
                    {sanction.kind === 'ban' ? to('moderate.ban') : to('moderate.timeOut')}
                  </span>
                </p>
                {sanction.reason && <p>{sanction.reason}</p>}
                <p class="soft small">{facts.filter(Boolean).join(' · ')}</p>
              </div>
              <Button small aria-label={to('moderate.liftOf', { name: sanction.person.name })} onClick={() => void lift(sanction)}>
                {t('moderation.lift')}
              </Button>
            </li>
          );
        })}
      </ul>
      {next.value && (
        <p>
          <Button onClick={() => void load(next.value)}>{t('action.more')}</Button>
        </p>
      )}
    </div>
  );
}
