import type { EventStore } from '../hub/event';

export interface SectionProps {
  store: EventStore;
}

declare module '../shell/manifest' {
  interface Slots {
    /** Sections of the organizers' page, each with its own address. */
    organize: SectionProps;
  }
}
