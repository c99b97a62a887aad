import { agendaOf } from './store';
import type { EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t } from './texts';
import { Icon } from '../ui/icon';
import { SearchBox } from '../ui/inputs';
import type { AgendaChoice } from './choice';

function Pick({ label, all, value, choices, onChange }: { label: string; all: string; value: string; choices: readonly { id: string; name: string }[]; onChange: (id: string) => void }) {
  if (choices.length < 2) return null;
  return (
    <select class="input" aria-label={label} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="" selected={!value}>
        {all}
      </option>
      {choices.map((choice) => (
        <option key={choice.id} value={choice.id} selected={choice.id === value}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}

/** Search, room, track and stars. */
export function Filters({ store, choice }: { store: EventStore; choice: AgendaChoice }) {
  const { agenda } = agendaOf(store).value.value!;
  return (
    <search class="agenda-filters">
      <SearchBox
        label={t('action.search')}
        placeholder={t('agenda.searchPlaceholder')}
        value={choice.search.value}
        onInput={(text) => (choice.search.value = text)}
      />
      <Pick label={t('agenda.room')} all={t('agenda.allRooms')} value={choice.room.value} choices={agenda.rooms} onChange={(id) => (choice.room.value = id)} />
      <Pick label={t('agenda.track')} all={t('agenda.allTracks')} value={choice.track.value} choices={agenda.tracks} onChange={(id) => (choice.track.value = id)} />
      {me.value?.kind === 'person' && (
        <button type="button" class="chip" title={t('agenda.starred')} aria-pressed={choice.starred.value} onClick={() => (choice.starred.value = !choice.starred.value)}>
          <Icon name="star" filled={choice.starred.value} />
          <span>{t('agenda.starred')}</span>
        </button>
      )}
    </search>
  );
}
