import type { ComponentType } from 'preact';
import type { EventStore } from '../hub/event';
import type { Live } from '../hub/live';
import type { Params } from '../lib/router';
import type { TextFiles } from '../texts/catalog';
import type { IconName } from '../ui/icon';

/**
 * What a capability adds to the app. Its folder and one line in `list.ts` are all it needs.
 *
 * A manifest is small and only lists what there is: pages, panels and dialogs are loaded when first shown, with their
 * texts. Its own texts (the names of places, actions and keys) are in `labels/`, since they are loaded from the start.
 */
export interface Manifest {
  /** Pages by address. */
  routes?: readonly Route[];
  /** Places in the navigation of an event. */
  places?: readonly Place[];
  /** Shortcuts that work anywhere in an event. */
  keys?: readonly Key[];
  /** Parts of pages that belong to others: a room's panels, organizers' sections. */
  panels?: { readonly [Slot in keyof Slots]?: readonly Panel<Slots[Slot]>[] };
  /** Entries in the menus of a person, a message, a room. */
  actions?: { readonly [Kind in keyof Targets]?: readonly Action<Targets[Kind]>[] };
  /** Dialogs for `openDialog`, by name. */
  dialogs?: { readonly [Name in keyof Dialogs]?: Load<Dialogs[Name] & { onClose: () => void }> };
  /** What stays on screen across pages. */
  onScreen?: readonly OnScreen[];
  /** The texts of its pages, to be fetched beside them: `import.meta.glob('./texts/*.ts')`. */
  texts?: TextFiles;
  /** Called when a participant enters: read what all pages need. Called again when the account has changed. */
  enter?: (store: EventStore) => Promise<unknown>;
  /** Reloads what the hub has announced as changed, by the name of the part. */
  changed?: Readonly<Record<string, (store: EventStore) => Promise<unknown>>>;
  /** Called before a connection is made: subscribe to its events. */
  connected?: (live: Live) => void;
}

/** Fetches the code of a component. */
export type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** Such a loader, for any properties. */
export type Loader = () => Promise<{ default: unknown }>;

export interface PageProps {
  params: Params;
}

export interface Route {
  /** `/e/:slug/rooms/:room` */
  pattern: string;
  /** The frame around it: only a bar, or the event's navigation. */
  frame: 'plain' | 'event';
  load: Load<PageProps>;
}

/** A number or a dot beside a place. */
export interface Mark {
  /** Without a number it is a dot. */
  count?: number;
  /** Counts mentions. */
  mention?: boolean;
  /** On now, instead of unread. */
  live?: boolean;
  /** The text for screen readers. */
  text: string;
}

interface Link {
  /** The address, below that of the event. */
  path: readonly string[];
  label: (store: EventStore) => string;
  icon: IconName;
  marks?: (store: EventStore) => readonly Mark[];
}

export interface Place extends Link {
  /** `main`: beside every page; `staff`: for the team; `account`: the person's own. */
  group: 'main' | 'staff' | 'account';
  shown?: (store: EventStore) => boolean;
  /** Places below it, listed under its name where there is room. */
  below?: (store: EventStore) => readonly Link[];
}

export interface Key {
  /** One key or a sequence of two, as in `KeyboardEvent.key`. */
  keys: readonly string[];
  label: () => string;
  run: (store: EventStore) => void;
}

export interface Panel<Props> {
  /** Stable: it becomes part of an address, or identifies a tab. */
  name: string;
  /** For a tab. */
  label?: (props: Props) => string;
  /** Beside the label of a tab. */
  count?: (props: Props) => string | undefined;
  shown?: (props: Props) => boolean;
  /** On a room's stage: shows a picture, which gets the greater part of the page. */
  picture?: boolean;
  load: Load<Props>;
}

export interface Action<Target> {
  name: string;
  label: (target: Target) => string;
  icon?: IconName;
  danger?: boolean;
  /** With a separator above it: another kind of action begins. */
  apart?: boolean;
  /** Also offered as a button, with a longer name for standing alone. */
  button?: (target: Target) => string;
  /** What has to be known before it is offered. */
  prepare?: () => Promise<unknown>;
  shown?: (target: Target) => boolean;
  checked?: (target: Target) => boolean;
  run: (target: Target) => void;
}

export interface OnScreen {
  shown: () => boolean;
  load: Load<{ store: EventStore }>;
}

/* Modules that render panels, menus or dialogs declare their properties: `declare module '../shell/manifest'`. */

/** The properties of panels, by slot. */
export interface Slots {
  /** Above every page of an event. */
  banner: { store: EventStore };
  /** In the help about keys: those that a part of a page handles itself. */
  keys: {};
}

/** The targets of actions, by the kind of menu. */
export interface Targets {}

/** The properties of dialogs, by name. */
export interface Dialogs {
  keys: {};
}
