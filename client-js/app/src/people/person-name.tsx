import { live } from '../hub/live';
import { t } from './texts';
import type { Card, RoomId } from 'plenary-client/rest';
import { Menu } from '../ui/menu';
import { menuItems } from '../shell/registry';
import './person-name.css';

/** Who somebody is in this event. */
export function BadgeTag({ badge }: { badge: Card['badge'] | undefined }) {
  if (!badge) return null;
  return (
    <span class="badge" data-tone={badge === 'organizer' || badge === 'moderator' ? 'accent' : undefined}>
      {t(`badge.${badge}`)}
    </span>
  );
}

/** A name that opens what can be done about that person. */
export function PersonName({ person, room, tabIndex }: { person: Card; room?: RoomId; tabIndex?: number }) {
  // A guest can do nothing about anybody.
  if (live.value?.readOnly.value || live.value?.hello.value?.person.id === person.id) return <span class="people-name">{person.name}</span>;
  return (
    <Menu class="people-name" label={t('people.menu', { name: person.name })} items={() => menuItems('person', { person, room })} {...(tabIndex === undefined ? {} : { tabIndex })}>
      {person.name}
    </Menu>
  );
}
