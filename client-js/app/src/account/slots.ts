import type { EventStore } from '../hub/event';

declare module '../shell/manifest' {
  interface Slots {
    /** Sections of one's own page, below the profile. */
    profile: { store: EventStore };
  }
}
