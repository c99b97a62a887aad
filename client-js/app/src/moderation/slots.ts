import type { Card, RoomId } from 'plenary-client/rest';

export interface SanctionDialogProps {
  kind: 'time_out' | 'ban';
  person: Card;
  room?: RoomId | undefined;
}

declare module '../shell/manifest' {
  interface Dialogs {
    sanction: SanctionDialogProps;
  }
}
