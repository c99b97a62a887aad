import type { Card, Id } from '../hub/types';

export interface SanctionDialogProps {
  kind: 'time_out' | 'ban';
  person: Card;
  room?: Id | undefined;
}

declare module '../shell/manifest' {
  interface Dialogs {
    sanction: SanctionDialogProps;
  }
}
