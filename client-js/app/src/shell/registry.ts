import { signal } from '@preact/signals';
import type { Part } from 'plenary-client';
import type { EventStore } from '../hub/event';
import type { Live } from '../hub/live';
import type { MenuItem } from '../ui/menu';
import type { Action, Dialogs, Key, Load, Loader, Manifest, OnScreen, Panel, Place, Route, Slots, Targets } from './manifest';

/** The registered capabilities, in the order of the list. */
const manifests = signal<readonly Manifest[]>([]);

/** Adds capabilities. Returns a function that removes them. */
export function register(...added: readonly Manifest[]): () => void {
  manifests.value = [...manifests.value, ...added];
  return () => void (manifests.value = manifests.value.filter((manifest) => !added.includes(manifest)));
}

export const routes = (): Route[] => manifests.value.flatMap((manifest) => manifest.routes ?? []);
export const keys = (): Key[] => manifests.value.flatMap((manifest) => manifest.keys ?? []);
export const onScreen = (): OnScreen[] => manifests.value.flatMap((manifest) => manifest.onScreen ?? []);

/** The places of a group that this person sees. */
export const places = (group: Place['group'], store: EventStore): Place[] =>
  manifests.value.flatMap((manifest) => manifest.places ?? []).filter((place) => place.group === group && (place.shown?.(store) ?? true));

/** How much is unread for oneself: the numbers beside the places, or of those below them. */
export const unreadForOneself = (store: EventStore): number =>
  places('main', store)
    .flatMap((place) => (place.below?.(store) ?? [place]).flatMap(({ marks }) => marks?.(store) ?? []))
    .reduce((sum, { count = 0 }) => sum + count, 0);

/** The visible panels of a slot with these properties. */
export const panels = <Slot extends keyof Slots>(slot: Slot, props: Slots[Slot]): Panel<Slots[Slot]>[] =>
  manifests.value.flatMap((manifest): readonly Panel<Slots[Slot]>[] => manifest.panels?.[slot] ?? []).filter((panel) => panel.shown?.(props) ?? true);

/** The loader of a slot's first panel. */
export const firstPanel = (slot: keyof Slots): Loader | undefined => manifests.value.find((manifest) => manifest.panels?.[slot]?.length)?.panels?.[slot]?.[0]?.load;

/** The actions on a target that its viewer may do. */
export const actions = <Kind extends keyof Targets>(kind: Kind, target: Targets[Kind]): Action<Targets[Kind]>[] =>
  manifests.value.flatMap((manifest): readonly Action<Targets[Kind]>[] => manifest.actions?.[kind] ?? []).filter((action) => action.shown?.(target) ?? true);

/** Actions as menu items, optionally without one that is offered elsewhere. */
export const menuItems = <Kind extends keyof Targets>(kind: Kind, target: Targets[Kind], without?: string): MenuItem[] =>
  actions(kind, target).filter(({ name }) => name !== without).map(({ label, icon, danger, apart, checked, run }) => ({
    label: label(target),
    ...(icon ? { icon } : {}),
    ...(danger ? { danger } : {}),
    ...(apart ? { apart } : {}),
    ...(checked ? { checked: checked(target) } : {}),
    run: () => run(target),
  }));

/** The same, once everything that the actions have to know is there. */
export async function preparedItems<Kind extends keyof Targets>(kind: Kind, target: Targets[Kind], without?: string): Promise<MenuItem[]> {
  await Promise.allSettled(actions(kind, target).map(({ prepare }) => prepare?.()));
  return menuItems(kind, target, without);
}

/** The code of a dialog. */
export function dialog<Name extends keyof Dialogs>(name: Name): Load<Dialogs[Name] & { onClose: () => void }> | undefined {
  return manifests.value.find((manifest) => manifest.dialogs?.[name])?.dialogs?.[name];
}

/** The texts of the capability that a loader belongs to. */
export function textsOf(load: Loader): Manifest['texts'] {
  const brings = (manifest: Manifest): boolean =>
    [...(manifest.routes ?? []), ...(manifest.onScreen ?? []), ...Object.values(manifest.panels ?? {}).flat()].some((part) => part.load === load) ||
    Object.values(manifest.dialogs ?? {}).some((dialog) => dialog === load);
  return manifests.value.find(brings)?.texts;
}

/** Loads what the pages of an event need. Pages retry what could not be loaded. */
export const enterCapabilities = (store: EventStore): Promise<unknown> => Promise.allSettled(manifests.value.map((manifest) => manifest.enter?.(store)));

/** Lets every capability subscribe to a new connection, and forwards the changes announced by the hub. */
export function followConnection(live: Live): void {
  const { client, store } = live;
  // If the network fails, the present content stays until the next announcement or reload.
  const readAgain = (wanted: (part: string) => boolean): void => {
    const readers = manifests.value.flatMap(({ changed }) => Object.entries(changed ?? {}).flatMap(([part, read]) => (wanted(part) ? [read] : [])));
    void Promise.allSettled([...new Set(readers)].map((read) => read(store)));
  };
  // Not all at once: the client decides when, also for changes announced while it was disconnected.
  const known = manifests.value.flatMap(({ changed }) => Object.keys(changed ?? {}));
  client.onEventChanged([...new Set(known)] as Part[], ({ parts }) => readAgain((part) => parts.includes(part as Part)));
  for (const manifest of manifests.value) manifest.connected?.(live);
}
