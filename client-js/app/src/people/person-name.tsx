import { live } from '../hub/live';
import { t } from './texts';
import type { Card, RoomId } from 'plenary-client/rest';
import { Menu } from '../ui/menu';
import { preparedItems } from '../shell/registry';
import './person-name.css';

/** A person's role in this event. */
export function BadgeTag({ badge }: { badge: Card['badge'] | undefined }) {
  if (!badge) return null;
  return (
    <span class="badge" data-tone={badge === 'organizer' || badge === 'moderator' ? 'accent' : undefined}>
      {t(`badge.${badge}`)}
    </span>
  );
}

/** A name that opens the menu of actions on that person. */
export function PersonName({ person, room, tabIndex }: { person: Card; room?: RoomId; tabIndex?: number }) {
  // Guests have no actions.
  if (live.value?.readOnly.value || live.value?.hello.value?.person.id === person.id) return <span class="people-name">{person.name}</span>;
  return (
    <Menu class="people-name" label={t('people.menu', { name: person.name })} items={() => preparedItems('person', { person, room })} {...(tabIndex === undefined ? {} : { tabIndex })}>
      {person.name}
    </Menu>
  );
}
