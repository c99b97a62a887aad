import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { dateAndTime } from '../lib/format';
import { usePages } from '../hub/pages';
import { useSettled } from '../lib/signal-hooks';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { RegistrationEntry, RegistrationStatus } from 'plenary-client/rest';
import { Button, ButtonLink } from '../ui/button';
import { Empty, Problem, problemText } from '../ui/empty';
import { SearchBox } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';
import { peopleTable } from './columns';
import type { SectionProps } from './slots';

const statuses = ['confirmed', 'pending', 'cancelled'] as const;

const tone = (status: RegistrationStatus): string | undefined => ({ confirmed: 'accent', pending: 'warn', cancelled: undefined })[status];

/** Everyone who has registered. */
export default function Registrations({ store }: SectionProps) {
  const search = useSignal('');
  const status = useSignal<RegistrationStatus | undefined>(undefined);
  const wanted = useSettled(search.value.trim());
  const list = usePages('/events/{slug}/registrations', { slug: store.slug, search: wanted, status: status.value });
  const tickets = new Map(store.event.value?.ticket_types.map((ticket) => [ticket.id, ticket.name]));
  const nameOf = (registration: RegistrationEntry): string => registration.person.name;

  const change = async (registration: RegistrationEntry, action: 'cancel' | 'reinstate'): Promise<void> => {
    try {
      await api.post(`/events/{slug}/registrations/{id}/${action}`, { slug: store.slug, id: registration.id });
      if (action === 'cancel') {
        notify(t('registrations.cancelDone', { name: nameOf(registration) }), { action: { label: t('action.undo'), run: () => void change(registration, 'reinstate') } });
      }
      await list.reload();
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };

  return (
    <div class="stack">
      <search class="organize-registrations-search">
        <SearchBox label={t('registrations.search')} value={search.value} onInput={(text) => (search.value = text)} />
        <select class="input" aria-label={t('registrations.status')} onChange={(event) => (status.value = (event.currentTarget.value || undefined) as RegistrationStatus | undefined)}>
          <option value="">{t('registrations.all')}</option>
          {statuses.map((value) => (
            <option key={value} value={value}>
              {t(`registrations.${value}`)}
            </option>
          ))}
        </select>
        <ButtonLink href={peopleTable(store.slug)} download={`${store.slug}-people.csv`} icon="arrowDown">
          {t('import.export')}
        </ButtonLink>
      </search>
      {list.error.value && !list.items ? (
        <Problem problem={list.error.value} retry={() => void list.reload()} />
      ) : !list.items ? (
        <Skeleton kind="row" lines={5} />
      ) : !list.items.length ? (
        <div class="card">
          <Empty icon="people" title={t('registrations.none')} />
        </div>
      ) : (
        <div class="card table-card">
          <table class="table table-stacked">
            <thead>
              <tr>
                <th scope="col">{t('registrations.name')}</th>
                <th scope="col">{t('registrations.email')}</th>
                <th scope="col">{t('registrations.ticket')}</th>
                <th scope="col">{t('registrations.at')}</th>
                <th scope="col">{t('registrations.status')}</th>
                <th scope="col">
                  <span class="visually-hidden">{t('registrations.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((registration) => {
                const name = nameOf(registration);
                const cancelled = registration.status === 'cancelled';
                return (
                  <tr key={registration.id}>
                    <th scope="row">{name}</th>
                    <td class="soft">{registration.email}</td>
                    <td>{tickets.get(registration.ticket_type ?? '')}</td>
                    <td class="soft">{dateAndTime(registration.created_at)}</td>
                    <td>
                      <span class="badge" data-tone={tone(registration.status)}>
                        {t(registration.held ? 'registrations.held' : `registrations.${registration.status}`)}
                      </span>
                    </td>
                    <td class="table-action">
                      <Button
                        small
                        aria-label={cancelled ? t('registrations.reinstateOf', { name }) : t('registrations.cancelOf', { name })}
                        onClick={() => void change(registration, cancelled ? 'reinstate' : 'cancel')}
                      >
                        {cancelled ? t('registrations.reinstate') : t('registrations.cancel')}
                      </Button>
                    </td>
                  </tr>
                );
              })}
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
