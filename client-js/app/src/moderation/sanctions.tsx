import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Sanction } from 'plenary-client';
import { roomsOf } from '../rooms';
import { momentText } from '../lib/format';
import { live } from '../hub/live';
import { moderates } from '../hub/rights';
import type { EventStore } from '../hub/event';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { RoomId } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Empty, Problem, problemText } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';

interface Query {
  room?: RoomId;
  cursor?: string;
}

/** The whole event, or for moderators of single rooms each of these. */
function moderatedPlaces(): Query[] {
  if (moderates()) return [{}];
  const rooms = live.value?.roles.value.flatMap(({ role, room }) => (room && (role === 'moderator' || role === 'organizer') ? [room] : [])) ?? [];
  return [...new Set(rooms)].map((room) => ({ room }));
}

/** Active time-outs and bans, which can be lifted. */
export function Sanctions({ store }: { store: EventStore }) {
  const sanctions = useSignal<readonly Sanction[] | undefined>(undefined);
  /** What is still to load: each moderated place, and where its list continues. */
  const rest = useSignal<readonly Query[]>([]);
  const problem = useSignal<unknown>(undefined);
  const client = live.value?.client;

  const load = async (queries: readonly Query[], before: readonly Sanction[]): Promise<void> => {
    if (!client) return;
    try {
      const pages = await Promise.all(queries.map((query) => client.moderation.sanctions(query)));
      sanctions.value = [...before, ...pages.flatMap((page) => page.sanctions)];
      rest.value = pages.flatMap((page, place) => (page.next ? [{ ...queries[place], cursor: page.next }] : []));
      problem.value = undefined;
    } catch (failure) {
      problem.value = failure;
    }
  };
  const begin = (): Promise<void> => load(moderatedPlaces(), []);
  useEffect(() => void begin(), [client]);

  const lift = async (sanction: Sanction): Promise<void> => {
    try {
      await client?.moderation.lift(sanction.id);
      sanctions.value = sanctions.value?.filter((other) => other.id !== sanction.id);
      notify(t('moderation.lifted'));
    } catch (failure) {
      notify(problemText(failure), { tone: 'danger' });
    }
  };

  if (problem.value && !sanctions.value) return <Problem problem={problem.value} retry={() => void begin()} />;
  if (!sanctions.value) return <Skeleton kind="row" lines={4} />;
  if (!sanctions.value.length) return <Empty icon="shield" title={t('moderate.noSanctions')} hint={t('moderate.noSanctionsHint')} />;
  return (
    <div class="stack moderation-panel">
      <ul class="card item-list">
        {sanctions.value.map((sanction) => {
          const facts = [
            sanction.room ? roomsOf(store).find(sanction.room)?.name : t('moderate.event'),
            !sanction.expires_at ? t('moderate.forGood') : t('moderate.until', { time: momentText(sanction.expires_at, store.zone.value) }),
            sanction.by && t('moderate.by', { name: sanction.by.name }),
          ];
          return (
            <li key={sanction.id} class="item">
              <Avatar person={sanction.person} />
              <div class="item-text">
                <p>
                  <strong>{sanction.person.name}</strong>{' '}
                  <span class="badge" data-tone={sanction.kind === 'ban' ? 'danger' : 'warn'}>
                    {sanction.kind === 'ban' ? t('moderate.ban') : t('moderate.timeOut')}
                  </span>
                </p>
                {sanction.reason && <p>{sanction.reason}</p>}
                <p class="soft small">{facts.filter(Boolean).join(' · ')}</p>
              </div>
              <Button small aria-label={t('moderate.liftOf', { name: sanction.person.name })} onClick={() => void lift(sanction)}>
                {t('moderation.lift')}
              </Button>
            </li>
          );
        })}
      </ul>
      {rest.value.length > 0 && (
        <p>
          <Button onClick={() => void load(rest.value, sanctions.value ?? [])}>{t('action.more')}</Button>
        </p>
      )}
    </div>
  );
}
