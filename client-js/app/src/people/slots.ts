import type { EventStore } from '../hub/event';
import type { Card, PersonPage, RoomId } from 'plenary-client/rest';

interface PersonProps {
  store: EventStore;
  person: PersonPage;
  /** Asks the hub for this person again. */
  reload: () => void;
}

declare module '../shell/manifest' {
  interface Slots {
    /** At the top of a person's page, and below what they say of themselves. */
    'person.head': PersonProps;
    'person.body': PersonProps;
  }
  interface Targets {
    /** Somebody, where they were met in a room also that. */
    person: { person: Card; room?: RoomId | undefined };
  }
}
