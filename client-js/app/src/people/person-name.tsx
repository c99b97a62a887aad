import { useEffect } from 'preact/hooks';
import { live } from '../hub/live';
import { t } from './texts';
import type { Card, RoomId } from 'plenary-client/rest';
import { Menu } from '../ui/menu';
import { preparedItems } from '../shell/registry';
import { marks } from './marks';
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

/** What tells somebody from people whose names look the same, where `beside` it is not said anyway. */
export function Mark({ person, beside }: { person: Card; beside: string | undefined }) {
  useEffect(() => void import('./alike').then(({ note }) => note(person)), [person]);
  const mark = marks.value.get(person.id);
  return mark && mark !== beside ? <span class="soft small"> {mark}</span> : null;
}

/** A name that opens the menu of actions on that person. */
export function PersonName({ person, room, tabIndex, beside }: { person: Card; room?: RoomId; tabIndex?: number; beside?: string | undefined }) {
  // Guests have no actions.
  const plain = live.value?.readOnly.value || live.value?.hello.value?.person.id === person.id;
  return (
    <>
      {plain ? (
        <span class="people-name">{person.name}</span>
      ) : (
        <Menu class="people-name" label={t('people.menu', { name: person.name })} items={() => preparedItems('person', { person, room })} {...(tabIndex === undefined ? {} : { tabIndex })}>
          {person.name}
        </Menu>
      )}
      <Mark person={person} beside={beside} />
    </>
  );
}
