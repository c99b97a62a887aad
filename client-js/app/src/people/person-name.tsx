import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import { live } from '../hub/live';
import { t } from './labels';
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

/** What is shown beside the names of people who have to be told apart, by their ids. */
const marks = signal<ReadonlyMap<string, string>>(new Map());

/** A name that opens the menu of actions on that person, and what tells them from people whose names look the same, unless that stands `beside` it. */
export function PersonName({ person, room, tabIndex, beside }: { person: Card; room?: RoomId; tabIndex?: number; beside?: string | undefined }) {
  useEffect(() => void import('./alike').then(({ note }) => note(person, marks)), [person]);
  const mark = marks.value.get(person.id);
  return (
    <>
      {live.value?.readOnly.value || live.value?.hello.value?.person.id === person.id ? (
        // Guests have no actions.
        <span class="people-name">{person.name}</span>
      ) : (
        <Menu class="people-name" label={t('menu', { name: person.name })} items={() => preparedItems('person', { person, room })} {...(tabIndex === undefined ? {} : { tabIndex })}>
          {person.name}
        </Menu>
      )}
      {mark && mark !== beside && <span class="soft small"> {mark}</span>}
    </>
  );
}
