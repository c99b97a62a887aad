import { Lazy } from './lazy';
import type { Slots } from './manifest';
import { panels } from './registry';

/** All panels of a slot, one below the other. */
export function Panels<Slot extends keyof Slots>({ slot, props }: { slot: Slot; props: Slots[Slot] }) {
  return (
    <>
      {panels(slot, props).map((panel) => (
        <Lazy key={panel.name} load={panel.load} props={props} waiting={null} />
      ))}
    </>
  );
}
