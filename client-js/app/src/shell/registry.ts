import { signal } from '@preact/signals';
import type { Part } from 'plenary-client';
import type { EventStore } from '../hub/event';
import type { Live } from '../hub/live';
import type { MenuItem } from '../ui/menu';
import type { Action, Dialogs, Key, Load, Loader, Manifest, OnScreen, Panel, Place, Route, Slots, Targets } from './manifest';

/** What the app consists of, in the order of the list. */
const manifests = signal<readonly Manifest[]>([]);

/** Adds capabilities. Returns what takes them out again. */
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

/** The panels of a slot that are shown with these properties. */
export const panels = <Slot extends keyof Slots>(slot: Slot, props: Slots[Slot]): Panel<Slots[Slot]>[] =>
  manifests.value.flatMap((manifest): readonly Panel<Slots[Slot]>[] => manifest.panels?.[slot] ?? []).filter((panel) => panel.shown?.(props) ?? true);

/** Loads the panel that a slot begins with. */
export const firstPanel = (slot: keyof Slots): Loader | undefined => manifests.value.find((manifest) => manifest.panels?.[slot]?.length)?.panels?.[slot]?.[0]?.load;

/** What can be done about something, by the person who is looking at it. */
export const actions = <Kind extends keyof Targets>(kind: Kind, target: Targets[Kind]): Action<Targets[Kind]>[] =>
  manifests.value.flatMap((manifest): readonly Action<Targets[Kind]>[] => manifest.actions?.[kind] ?? []).filter((action) => action.shown?.(target) ?? true);

/** Actions as entries of a menu, if need be without one that stands elsewhere already. */
export const menuItems = <Kind extends keyof Targets>(kind: Kind, target: Targets[Kind], without?: string): MenuItem[] =>
  actions(kind, target).filter(({ name }) => name !== without).map(({ label, icon, danger, apart, checked, run }) => ({
    label: label(target),
    ...(icon ? { icon } : {}),
    ...(danger ? { danger } : {}),
    ...(apart ? { apart } : {}),
    ...(checked ? { checked: checked(target) } : {}),
    run: () => run(target),
  }));

/** The code of a dialog. */
export function dialog<Name extends keyof Dialogs>(name: Name): Load<Dialogs[Name] & { onClose: () => void }> | undefined {
  return manifests.value.find((manifest) => manifest.dialogs?.[name])?.dialogs?.[name];
}

/** The texts of the capability that something is loaded from. */
export function textsOf(load: Loader): Manifest['texts'] {
  const brings = (manifest: Manifest): boolean =>
    [...(manifest.routes ?? []), ...(manifest.onScreen ?? []), ...Object.values(manifest.panels ?? {}).flat()].some((part) => part.load === load) ||
    Object.values(manifest.dialogs ?? {}).some((dialog) => dialog === load);
  return manifests.value.find(brings)?.texts;
}

/** Reads what the pages of an event need of it. What could not be read, the pages ask for again. */
export const enterCapabilities = (store: EventStore): Promise<unknown> => Promise.allSettled(manifests.value.map((manifest) => manifest.enter?.(store)));

/** Lets every capability listen to a new connection, and passes on what the hub says has changed. */
export function followConnection(live: Live): void {
  const { client, store } = live;
  // What is shown stays when the network fails; the next announcement or reload brings the change.
  const readAgain = (wanted: (part: string) => boolean): void => {
    const readers = manifests.value.flatMap(({ changed }) => Object.entries(changed ?? {}).flatMap(([part, read]) => (wanted(part) ? [read] : [])));
    void Promise.allSettled([...new Set(readers)].map((read) => read(store)));
  };
  // Not all at once: the client says when, also for what was announced while there was no connection.
  const known = manifests.value.flatMap(({ changed }) => Object.keys(changed ?? {}));
  client.onEventChanged([...new Set(known)] as Part[], ({ parts }) => readAgain((part) => parts.includes(part as Part)));
  for (const manifest of manifests.value) manifest.connected?.(live);
}
