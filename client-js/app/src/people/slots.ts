import type { EventStore } from '../hub/event';
import type { Card, PersonPage, RoomId } from 'plenary-client/rest';

interface PersonProps {
  store: EventStore;
  person: PersonPage;
  /** Reloads this person from the hub. */
  reload: () => void;
}

declare module '../shell/manifest' {
  interface Slots {
    /** At the top of a person's page, and below their description. */
    'person.head': PersonProps;
    'person.body': PersonProps;
  }
  interface Targets {
    /** A person, with the room in which they were met, if any. */
    person: { person: Card; room?: RoomId | undefined };
  }
}
