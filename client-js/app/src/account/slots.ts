import type { EventStore } from '../hub/event';

declare module '../shell/manifest' {
  interface Slots {
    /** Sections of the person's own page, below the profile. */
    profile: { store: EventStore };
  }
}
