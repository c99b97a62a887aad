import type { EventStore } from '../hub/event';
import { ownZone, zoneName } from '../lib/format';
import { zoneChoice, type ZoneChoice } from '../lib/preferences';
import { Segments } from '../ui/inputs';
import { t } from './texts';

/** The event's time zone or the reader's own, as they are called at a moment; only a name if both have the same time. */
export function ZoneSwitch({ store, at }: { store: EventStore; at: number }) {
  const event = store.event.value;
  if (!event) return null;
  const there = zoneName(event.time_zone, at);
  const here = zoneName(undefined, at);
  if (event.time_zone === ownZone() || there === here) return <p class="soft small">{event.time_zone.replaceAll('_', ' ')}</p>;
  return (
    <Segments<ZoneChoice>
      label={t('time.zone')}
      value={zoneChoice.value}
      onChange={(value) => (zoneChoice.value = value)}
      choices={[
        { value: 'event', label: t('time.zoneEvent', { zone: there }) },
        { value: 'mine', label: t('time.zoneMine', { zone: here }) },
      ]}
    />
  );
}
