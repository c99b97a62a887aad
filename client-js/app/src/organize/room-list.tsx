import { to } from '../texts/organize';
import { CheckField, LongTextField, TextField } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';
import { numberOrNull } from './item-form';
import { ItemList } from './item-list';
import type { SectionProps } from './organize';

const fromForm = (data: FormData) => ({
  name: String(data.get('name')).trim(),
  description: String(data.get('description')).trim(),
  capacity: numberOrNull(data, 'capacity'),
  hidden: data.has('hidden'),
});

/** The event's rooms. */
export function RoomList({ store }: SectionProps) {
  const rooms = store.rooms.value;
  if (!rooms) return <Skeleton kind="row" lines={3} />;
  return (
    <ItemList
      slug={store.slug}
      path="/events/{slug}/rooms"
      items={rooms}
      nameOf={(room) => room.name}
      icon="room"
      texts={{ new: to('rooms.new'), empty: to('rooms.empty'), emptyHint: to('rooms.emptyHint'), deleteHint: to('rooms.deleteHint') }}
      draw={(room) => (
        <>
          <p>
            <strong>{room.name}</strong> {room.hidden && <span class="badge">{to('rooms.hidden')}</span>}
          </p>
          <p class="soft small">{[room.description, room.capacity ? `${to('rooms.capacity')}: ${room.capacity}` : ''].filter(Boolean).join(' · ')}</p>
        </>
      )}
      fields={(room) => (
        <>
          <TextField name="name" label={to('list.name')} defaultValue={room?.name ?? ''} maxLength={100} required />
          <LongTextField name="description" label={to('list.description')} defaultValue={room?.description ?? ''} rows={3} />
          <TextField name="capacity" type="number" min={1} label={to('rooms.capacity')} hint={to('rooms.capacityHint')} defaultValue={room?.capacity ?? ''} />
          <CheckField name="hidden" label={to('rooms.hidden')} hint={to('rooms.hiddenHint')} defaultChecked={room?.hidden ?? false} />
        </>
      )}
      added={fromForm}
      changed={fromForm}
      reload={() => store.loadRooms()}
    />
  );
}
