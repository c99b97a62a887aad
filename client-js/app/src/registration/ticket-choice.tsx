import { dateAndTime } from '../lib/format';
import { hubTime } from '../hub/clock';
import { t } from './texts';
import type { TicketType } from 'plenary-client/rest';
import { useFieldError } from '../ui/form';

/** Why a ticket is unavailable, or how many are left if few. */
function availability(ticket: TicketType, zone: string): string | undefined {
  const now = hubTime();
  if (ticket.sales_from && now < ticket.sales_from) return t('register.saleStarts', { date: dateAndTime(ticket.sales_from, zone) });
  if (ticket.sales_until && now > ticket.sales_until) return t('register.saleEnded');
  if (ticket.remaining !== null && ticket.remaining !== undefined) {
    if (ticket.remaining <= 0) return t('register.soldOut');
    return t('register.remaining', { count: ticket.remaining });
  }
  return undefined;
}

/** The ticket types as radio buttons. If only one is available, it is preselected. */
export function TicketChoice({ tickets, zone }: { tickets: readonly TicketType[]; zone: string }) {
  const error = useFieldError('ticket_type');
  const onSale = tickets.filter((ticket) => ticket.on_sale);
  return (
    <fieldset class="registration-tickets" aria-describedby={error ? 'ticket-error' : undefined}>
      <legend class="registration-tickets-legend">{t('register.ticket')}</legend>
      {tickets.map((ticket) => (
        <label key={ticket.id} class="registration-ticket" data-off={!ticket.on_sale || undefined}>
          <input type="radio" name="ticket_type" value={ticket.id} required disabled={!ticket.on_sale} checked={onSale.length === 1 && ticket.on_sale} />
          <span class="registration-ticket-text">
            <span class="registration-ticket-name">{ticket.name}</span>
            {ticket.description && <span class="soft small">{ticket.description}</span>}
          </span>
          <span class="soft small">{availability(ticket, zone)}</span>
        </label>
      ))}
      {error && (
        <p class="field-error" id="ticket-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}
