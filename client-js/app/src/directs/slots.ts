import type { EventStore } from '../hub/event';

declare module '../shell/manifest' {
  interface Dialogs {
    newConversation: { store: EventStore };
  }
}
