import { useSignal } from '@preact/signals';
import { dateAndTime } from '../../lib/format';
import { usePages } from '../../lib/pages';
import type { EventStore } from '../../state/event';
import { t } from '../../texts';
import { to } from '../../texts/organize';
import type { Card, Id } from '../../types';
import { Button } from '../../ui/button';
import { Empty, Problem } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';

interface AuditEntry {
  id: Id;
  at: number;
  actor?: Card | null;
  action: string;
  room?: Id | null;
  person?: Card | null;
  seq?: number | null;
  details?: Record<string, unknown> | null;
}

const actions = [
  'message.delete',
  'message.restore',
  'message.pin',
  'moderation.time_out',
  'moderation.ban',
  'moderation.lift',
  'moderation.slow_mode',
  'moderation.lock',
  'roles.change',
  'registration.change',
  'room.change',
  'event.change',
  'import.schedule',
  'import.people',
] as const;

/** "reason: Advertising, seconds: 600" */
function detailsText(details: AuditEntry['details']): string {
  return Object.entries(details ?? {})
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

/** Everything moderators and organizers did, newest first. Nothing in it can be changed. */
export function Audit({ store }: { store: EventStore }) {
  const action = useSignal('');
  const list = usePages<AuditEntry>(store.path('audit'), { action: action.value });
  return (
    <div class="stack moderate-panel">
      <select class="input moderate-filter" aria-label={to('moderate.action')} onChange={(event) => (action.value = event.currentTarget.value)}>
        <option value="">{to('registrations.all')}</option>
        {actions.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {list.error.value && !list.items ? (
        <Problem problem={list.error.value} retry={() => void list.reload()} />
      ) : !list.items ? (
        <Skeleton kind="row" lines={5} />
      ) : !list.items.length ? (
        <Empty icon="shield" title={to('moderate.noEntries')} />
      ) : (
        <div class="card table-card">
          <table class="table audit">
            <thead>
              <tr>
                <th scope="col">{to('moderate.when')}</th>
                <th scope="col">{to('moderate.who')}</th>
                <th scope="col">{to('moderate.what')}</th>
                <th scope="col">{to('moderate.whom')}</th>
                <th scope="col">{to('moderate.where')}</th>
                <th scope="col">{to('moderate.details')}</th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((entry) => (
                <tr key={entry.id}>
                  <td class="soft small">{dateAndTime(entry.at)}</td>
                  <td>{entry.actor?.name ?? to('moderate.system')}</td>
                  <td>
                    <span class="badge">{entry.action}</span>
                  </td>
                  <td>{entry.person?.name}</td>
                  <td>{entry.room && store.room(entry.room)?.name}</td>
                  <td class="soft small">{detailsText(entry.details)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasMore && (
        <p>
          <Button busy={list.loadingMore} onClick={() => void list.more()}>
            {t('action.more')}
          </Button>
        </p>
      )}
    </div>
  );
}
