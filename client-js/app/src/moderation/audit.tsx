import { useSignal } from '@preact/signals';
import { roomsOf } from '../rooms';
import { dateAndTime } from '../lib/format';
import { usePages } from '../hub/pages';
import type { EventStore } from '../hub/event';
import { formatNumber } from '../texts';
import { keys, t } from './texts';
import type { AuditLine } from 'plenary-client/rest';
import { Button } from '../ui/button';
import { Empty, Problem } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';

const prefix = 'action.';
/** The actions and details that have texts. */
const knownActions = (): string[] => keys(prefix).map((key) => key.slice(prefix.length));

/** An action in words; an unknown one by its name. */
const actionText = (action: string): string => (knownActions().includes(action) ? t(`${prefix}${action}` as 'action.moderation.ban') : action);

const detailPrefix = 'detail.';

function detailValue(name: string, value: NonNullable<unknown>, zone: string): string {
  if (typeof value === 'boolean') return t(value ? 'detail.yes' : 'detail.no');
  if (typeof value === 'number') return /_(at|until|from)$/.test(name) ? dateAndTime(value, zone) : formatNumber(value);
  // Counts by kind: their sum.
  if (typeof value === 'object') return formatNumber(Object.values(value as Record<string, number>).reduce((sum, count) => sum + count, 0));
  const word = { state: 'state', granted: 'role', revoked: 'role', invited: 'role', withdrawn: 'role', declined: 'role' }[name];
  const known = `${word}.${String(value)}`;
  return keys(known).includes(known) ? t(known as 'role.speaker') : String(value);
}

/** "Reason: Advertising · Until: 21 Aug 2019, 10:30": the details that have texts. */
function detailsText(details: AuditLine['details'], zone: string): string {
  return Object.entries(details)
    .filter(([name, value]) => keys(`${detailPrefix}${name}`).length > 0 && value !== null && value !== '')
    .map(([name, value]) => `${t(`${detailPrefix}${name}` as 'detail.reason')}: ${detailValue(name, value!, zone)}`)
    .join(' · ');
}

/** Everything moderators and organizers did, newest first. It is read-only. */
export function Audit({ store }: { store: EventStore }) {
  const action = useSignal('');
  const zone = store.zone.value;
  const list = usePages('/events/{slug}/audit', { slug: store.slug, action: action.value });
  return (
    <div class="stack moderation-panel">
      <select class="input moderation-filter" aria-label={t('moderate.action')} onChange={(event) => (action.value = event.currentTarget.value)}>
        <option value="">{t('moderate.all')}</option>
        {knownActions().map((name) => (
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
        <Empty icon="shield" title={t('moderate.noEntries')} />
      ) : (
        <div class="card table-card">
          <table class="table moderation-audit">
            <thead>
              <tr>
                <th scope="col">
                  {t('moderate.when')} <span class="soft">{zone.replaceAll('_', ' ')}</span>
                </th>
                <th scope="col">{t('moderate.who')}</th>
                <th scope="col">{t('moderate.what')}</th>
                <th scope="col">{t('moderate.whom')}</th>
                <th scope="col">{t('moderate.where')}</th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((entry) => (
                <tr key={entry.id}>
                  <td class="soft small nowrap">{dateAndTime(entry.at, zone)}</td>
                  <td class="moderation-audit-who">{entry.actor?.name ?? t('moderate.system')}</td>
                  <td class="moderation-audit-what">
                    <p>{actionText(entry.action)}</p>
                    <p class="soft small">{detailsText(entry.details, zone)}</p>
                  </td>
                  <td>{entry.person?.name}</td>
                  <td>{entry.room && roomsOf(store).find(entry.room)?.name}</td>
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
