import type { ComponentType } from 'preact';
import type { EventStore } from '../hub/event';
import type { Live } from '../hub/live';
import type { Params } from '../lib/router';
import type { TextFiles } from '../texts/catalog';
import type { IconName } from '../ui/icon';

/**
 * What a capability brings to the app. Its folder and one line in `list.ts` are all that it takes.
 *
 * A manifest is small and says what there is: pages, panels and dialogs are loaded when they are first shown, with
 * their texts. Its own words (the names of places, actions and keys) stand in `labels/`, since they are there from
 * the start.
 */
export interface Manifest {
  /** Pages by address. */
  routes?: readonly Route[];
  /** Places in the navigation of an event. */
  places?: readonly Place[];
  /** Shortcuts, and what the help tells of keys. */
  keys?: readonly Key[];
  /** Parts of pages that belong to others: a room's panels, organizers' sections. */
  panels?: { readonly [Slot in keyof Slots]?: readonly Panel<Slots[Slot]>[] };
  /** Entries in the menus of a person, a message, a room. */
  actions?: { readonly [Kind in keyof Targets]?: readonly Action<Targets[Kind]>[] };
  /** What `openDialog` opens, by name. */
  dialogs?: { readonly [Name in keyof Dialogs]?: Load<Dialogs[Name] & { onClose: () => void }> };
  /** What stays on screen while one goes from page to page. */
  onScreen?: readonly OnScreen[];
  /** The texts of its pages, to be fetched beside them: `import.meta.glob('./texts/*.ts')`. */
  texts?: TextFiles;
  /** Somebody who takes part has come in: read what all pages need. Called again when the account has changed. */
  enter?: (store: EventStore) => Promise<unknown>;
  /** Reads again what the hub says has changed, by the name of the part. */
  changed?: Readonly<Record<string, (store: EventStore) => Promise<unknown>>>;
  /** A connection is about to be made: listen to what it will bring. */
  connected?: (live: Live) => void;
}

/** Fetches the code of something that is drawn. */
export type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** Such a fetch, whatever the properties are. */
export type Loader = () => Promise<{ default: unknown }>;

export interface PageProps {
  params: Params;
}

export interface Route {
  /** `/e/:slug/rooms/:room` */
  pattern: string;
  /** What is drawn around it: only a bar, or the event's navigation. */
  frame: 'plain' | 'event';
  load: Load<PageProps>;
}

/** A number or a dot beside a place. */
export interface Mark {
  /** Without a number it is a dot. */
  count?: number;
  /** On now, instead of unread. */
  live?: boolean;
  /** What is heard in its stead. */
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
  /** `main`: beside every page; `staff`: for the team; `account`: one's own. */
  group: 'main' | 'staff' | 'account';
  shown?: (store: EventStore) => boolean;
  /** Places below it. Where there is room for them they are listed under its name. */
  below?: (store: EventStore) => readonly Link[];
}

export interface Key {
  /** One key or two in turn, as `KeyboardEvent.key` names them. */
  keys: readonly string[];
  label: () => string;
  /** What help lists it under; otherwise it works anywhere in an event. */
  within?: () => string;
  /** Left out where a part of a page listens itself. */
  run?: (store: EventStore) => void;
}

export interface Panel<Props> {
  /** Stable: it becomes part of an address, or tells tabs apart. */
  name: string;
  /** For a tab. */
  label?: (props: Props) => string;
  /** Beside the label of a tab. */
  count?: (props: Props) => string | undefined;
  shown?: (props: Props) => boolean;
  load: Load<Props>;
}

export interface Action<Target> {
  name: string;
  label: (target: Target) => string;
  icon?: IconName;
  danger?: boolean;
  /** A line above it: another kind of action begins. */
  apart?: boolean;
  /** Also offered as a button, with a longer name for where it stands alone. */
  button?: (target: Target) => string;
  shown?: (target: Target) => boolean;
  checked?: (target: Target) => boolean;
  run: (target: Target) => void;
}

export interface OnScreen {
  shown: () => boolean;
  load: Load<{ store: EventStore }>;
}

/* Whoever draws panels, menus or dialogs adds what it hands to them: `declare module '../shell/manifest'`. */

/** What panels are given, by where they are drawn. */
export interface Slots {
  /** Above every page of an event. */
  banner: { store: EventStore };
}

/** What actions are about, by the kind of menu. */
export interface Targets {}

/** What dialogs are opened with, by name. */
export interface Dialogs {
  keys: {};
}
