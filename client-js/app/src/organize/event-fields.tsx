import { useSignal } from '@preact/signals';
import { ownZone } from '../lib/format';
import { fromWallClock, toWallClock } from '../lib/zoned-time';
import { languages } from '../texts';
import { t } from './texts';
import type { Event } from 'plenary-client/rest';
import { LongTextField, SelectField, TextField } from '../ui/inputs';

/** The event's times from the form. */
export function eventTimes(data: FormData): { starts_at: number; ends_at: number; time_zone: string } {
  const time_zone = String(data.get('time_zone'));
  const moment = (name: string): number => fromWallClock(String(data.get(name)), time_zone) ?? 0;
  return { starts_at: moment('starts_at'), ends_at: moment('ends_at'), time_zone };
}

/** Title, time and description; shared by creating an event and changing it. */
export function EventFields({ event, onTitle }: { event?: Event; onTitle?: (title: string) => void }) {
  const zone = useSignal(event?.time_zone ?? ownZone());
  const zones = Intl.supportedValuesOf('timeZone');
  const known = zones.includes(zone.value) ? zones : [zone.value, ...zones];
  return (
    <>
      <TextField name="title" label={t('event.title')} defaultValue={event?.title ?? ''} maxLength={200} required onInput={(input) => onTitle?.(input.currentTarget.value)} />
      <div class="organize-field-pair">
        <TextField name="starts_at" type="datetime-local" label={t('event.startsAt')} defaultValue={event ? toWallClock(event.starts_at, event.time_zone) : ''} required />
        <TextField name="ends_at" type="datetime-local" label={t('event.endsAt')} defaultValue={event ? toWallClock(event.ends_at, event.time_zone) : ''} required />
      </div>
      <div class="organize-field-pair">
        <SelectField name="time_zone" label={t('event.timeZone')} value={zone.value} onChange={(value) => (zone.value = value)} choices={known.map((name) => ({ value: name, label: name.replaceAll('_', ' ') }))} />
        <SelectField name="locale" label={t('event.locale')} value={event?.locale ?? 'en'} choices={Object.entries(languages).map(([value, label]) => ({ value, label }))} />
      </div>
      <LongTextField name="description" label={t('event.description')} hint={t('event.descriptionHint')} defaultValue={event?.description ?? ''} maxLength={10_000} />
    </>
  );
}
