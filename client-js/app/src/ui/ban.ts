import { momentText } from '../lib/format';
import { t } from '../texts';

/** What a banned person reads: from where, until when, and why. */
export function banText({ reason, until }: { reason: string | undefined; until: number | undefined }, place: string | undefined, zone: string): string {
  const name = place ?? t('ban.event');
  const from = until === undefined ? t('ban.from', { name }) : t('ban.until', { name, time: momentText(until, zone) });
  return reason ? `${from} ${t('ban.reason', { reason })}` : from;
}
