import { signal } from '@preact/signals';
import type { Channel } from 'plenary-client';
import type { Card, RoomId } from 'plenary-client/rest';

/** A dialog that menus open; it is drawn once, by the event's frame. */
export type OpenDialog =
  | { kind: 'time_out' | 'ban'; person: Card; room?: RoomId }
  | { kind: 'delete'; channel: Channel; seq: number }
  | { kind: 'keys' };

export const currentDialog = signal<OpenDialog | undefined>(undefined);

export function openDialog(dialog: OpenDialog): void {
  currentDialog.value = dialog;
}

export function closeDialog(): void {
  currentDialog.value = undefined;
}
