import type { ChannelView } from '../hub/channel-view';
import type { EventStore } from '../hub/event';
import type { Room } from 'plenary-client/rest';

export interface StageProps {
  store: EventStore;
  room: Room;
}

export interface RoomPanelProps extends StageProps {
  /** The room's channel; undefined while it is being joined. */
  view: ChannelView | undefined;
}

declare module '../shell/manifest' {
  interface Slots {
    /** What the room shows to everyone. The last visible panel gets the stage: most of the page if it has a `picture`. */
    'room.stage': StageProps;
    /** Tabs beside the stage. */
    'room.side': RoomPanelProps;
  }
  interface Targets {
    /** The settings of a room. */
    room: { room: Room };
  }
}
