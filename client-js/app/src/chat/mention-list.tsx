import { t } from './texts';
import type { Card } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';

/** People whose name matches the text after the @; the composer keeps the focus and moves the selection. */
export default function MentionList({ people, current, onTake }: { people: readonly Card[]; current: number; onTake: (person: Card) => void }) {
  return (
    <ul class="chat-mention-list" role="listbox" id="mention-list" aria-label={t('chat.mentionList')}>
      {people.map((person, place) => (
        <li
          key={person.id}
          id={`mention-${place}`}
          role="option"
          aria-selected={place === current}
          class="chat-mention-option"
          // Before the composer loses the focus, and with it the mention being typed.
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(person);
          }}
        >
          <Avatar size="small" person={person} />
          <span class="chat-mention-name">
            {person.name} {person.affiliation && <span class="soft small">{person.affiliation}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
