import type { Signal } from '@preact/signals';
import type { Channel, Message } from 'plenary-client';
import type { ChannelView } from '../hub/channel-view';
import type { RoomId } from 'plenary-client/rest';

/** What a message being written refers to. */
export type Draft = { kind: 'reply'; to: Message } | { kind: 'edit'; message: Message } | undefined;

/** The state shared by the parts of one conversation. */
export interface Talk {
  view: ChannelView;
  /** Shown in labels: the room's name, or those of the people. */
  name: string;
  /** Time zone of days and times: that of the rest of the page. */
  zone: string;
  direct: boolean;
  /** May delete, pin and see the moderators' actions here. */
  moderator: boolean;
  room: RoomId | undefined;
  draft: Signal<Draft>;
  /** Puts the cursor into the composer. */
  compose: () => void;
}

declare module '../shell/manifest' {
  interface Targets {
    message: { talk: Talk; message: Message };
  }
  interface Dialogs {
    deleteMessage: { channel: Channel; seq: number };
  }
}
