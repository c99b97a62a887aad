import { roomsOf } from '../rooms';
import { t } from './texts';
import { CheckField, LongTextField, TextField } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';
import { numberOrNull } from './item-form';
import { ItemList } from './item-list';
import type { SectionProps } from './slots';

const fromForm = (data: FormData) => ({
  name: String(data.get('name')).trim(),
  description: String(data.get('description')).trim(),
  capacity: numberOrNull(data, 'capacity'),
  hidden: data.has('hidden'),
});

/** The event's rooms. */
export default function RoomList({ store }: SectionProps) {
  const rooms = roomsOf(store).list;
  if (!rooms) return <Skeleton kind="row" lines={3} />;
  return (
    <ItemList
      slug={store.slug}
      path="/events/{slug}/rooms"
      items={rooms}
      nameOf={(room) => room.name}
      icon="room"
      texts={{ new: t('rooms.new'), empty: t('rooms.empty'), emptyHint: t('rooms.emptyHint'), deleteHint: t('rooms.deleteHint') }}
      draw={(room) => (
        <>
          <p>
            <strong>{room.name}</strong> {room.hidden && <span class="badge">{t('rooms.hidden')}</span>}
          </p>
          <p class="soft small">{[room.description, room.capacity ? `${t('rooms.capacity')}: ${room.capacity}` : ''].filter(Boolean).join(' · ')}</p>
        </>
      )}
      fields={(room) => (
        <>
          <TextField name="name" label={t('list.name')} defaultValue={room?.name ?? ''} maxLength={100} required />
          <LongTextField name="description" label={t('list.description')} defaultValue={room?.description ?? ''} rows={3} />
          <TextField name="capacity" type="number" min={1} label={t('rooms.capacity')} hint={t('rooms.capacityHint')} defaultValue={room?.capacity ?? ''} />
          <CheckField name="hidden" label={t('rooms.hidden')} hint={t('rooms.hiddenHint')} defaultChecked={room?.hidden ?? false} />
        </>
      )}
      added={fromForm}
      changed={fromForm}
      reload={() => roomsOf(store).load()}
    />
  );
}
