import { signal } from '@preact/signals';
import type { Dialogs } from './manifest';

/** A dialog that menus and keys open; it is drawn once, by the event's frame. */
export interface OpenDialog<Name extends keyof Dialogs = keyof Dialogs> {
  name: Name;
  props: Dialogs[Name];
}

export const currentDialog = signal<OpenDialog | undefined>(undefined);

export function openDialog<Name extends keyof Dialogs>(name: Name, props: Dialogs[Name]): void {
  currentDialog.value = { name, props };
}

export function closeDialog(): void {
  currentDialog.value = undefined;
}
