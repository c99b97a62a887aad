import { useSignal } from '@preact/signals';
import { dateAndTime } from '../../lib/format';
import { usePages } from '../../lib/pages';
import type { EventStore } from '../../state/event';
import { t } from '../../texts';
import { to } from '../../texts/organize';
import { organizeEn } from '../../texts/organize.en';
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

const prefix = 'action.';
const actions = Object.keys(organizeEn).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));

/** An action in words; one that the app does not know by its name. */
const actionText = (action: string): string => (actions.includes(action) ? to(`${prefix}${action}` as 'action.moderation.ban') : action);

const isId = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value);

/** "reason: Advertising, expires at: 21 Aug 2019, 10:30": what people can read of the details. */
function detailsText(details: AuditEntry['details']): string {
  return Object.entries(details ?? {})
    .filter(([, value]) => value !== null && value !== '' && !isId(value))
    .map(([name, value]) => {
      const shown = typeof value === 'number' && /_(at|until|from)$/.test(name) ? dateAndTime(value) : Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `${name.replaceAll('_', ' ')}: ${shown}`;
    })
    .join(' · ');
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
            {actionText(name)}
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
                  <td class="soft small nowrap">{dateAndTime(entry.at)}</td>
                  <td>{entry.actor?.name ?? to('moderate.system')}</td>
                  <td>
                    <span class="badge">{actionText(entry.action)}</span>
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
