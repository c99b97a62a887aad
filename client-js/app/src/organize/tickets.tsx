import { dateAndTime } from '../lib/format';
import { fromWallClock, toWallClock } from '../lib/zoned-time';
import { t } from './texts';
import type { TicketType } from 'plenary-client/rest';
import { CheckField, LongTextField, TextField } from '../ui/inputs';
import { numberOrNull } from './item-form';
import { ItemList } from './item-list';
import type { SectionProps } from './slots';

/** The tickets that people choose from when they register. */
export default function Tickets({ store }: SectionProps) {
  const event = store.event.value!;
  const zone = event.time_zone;
  const moment = (data: FormData, name: string): number | null => fromWallClock(String(data.get(name) ?? ''), zone) ?? null;
  const wallClock = (at: number | null | undefined): string => (at ? toWallClock(at, zone) : '');

  const fromForm = (data: FormData) => ({
    name: String(data.get('name')).trim(),
    description: String(data.get('description')).trim(),
    quota: numberOrNull(data, 'quota'),
    sales_from: moment(data, 'sales_from'),
    sales_until: moment(data, 'sales_until'),
    hidden: data.has('hidden'),
  });

  const facts = (ticket: TicketType): string =>
    [
      ticket.description,
      ticket.quota ? t('tickets.sold', { remaining: ticket.remaining ?? ticket.quota, quota: ticket.quota }) : t('tickets.unlimited'),
      ticket.sales_from ? `${t('tickets.from')}: ${dateAndTime(ticket.sales_from, zone)}` : '',
      ticket.sales_until ? `${t('tickets.until')}: ${dateAndTime(ticket.sales_until, zone)}` : '',
    ]
      .filter(Boolean)
      .join(' · ');

  return (
    <ItemList
      slug={store.slug}
      path="/events/{slug}/ticket-types"
      items={event.ticket_types}
      nameOf={(ticket) => ticket.name}
      icon="ticket"
      texts={{ new: t('tickets.new'), empty: t('tickets.empty'), emptyHint: t('tickets.emptyHint'), deleteHint: t('tickets.deleteHint') }}
      draw={(ticket) => (
        <>
          <p>
            <strong>{ticket.name}</strong>{' '}
            <span class="badge" data-tone={ticket.on_sale ? 'accent' : undefined}>
              {ticket.on_sale ? t('tickets.onSale') : t('tickets.notOnSale')}
            </span>
          </p>
          <p class="soft small">{facts(ticket)}</p>
        </>
      )}
      fields={(ticket) => (
        <>
          <TextField name="name" label={t('list.name')} defaultValue={ticket?.name ?? ''} maxLength={100} required />
          <LongTextField name="description" label={t('list.description')} defaultValue={ticket?.description ?? ''} rows={2} />
          <TextField name="quota" type="number" min={0} max={1_000_000} label={t('tickets.quota')} hint={t('tickets.quotaHint')} defaultValue={ticket?.quota ?? ''} />
          <div class="organize-field-pair">
            <TextField name="sales_from" type="datetime-local" label={t('tickets.from')} defaultValue={wallClock(ticket?.sales_from)} />
            <TextField name="sales_until" type="datetime-local" label={t('tickets.until')} defaultValue={wallClock(ticket?.sales_until)} />
          </div>
          <CheckField name="hidden" label={t('tickets.hidden')} defaultChecked={ticket?.hidden ?? false} />
        </>
      )}
      added={fromForm}
      changed={fromForm}
      reload={() => store.loadEvent()}
    />
  );
}
