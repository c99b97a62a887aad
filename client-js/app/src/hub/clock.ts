import { signal } from '@preact/signals';

/** Difference between the hub's clock and this device's, in milliseconds: countdowns follow the hub. */
let offset = 0;
let timer: ReturnType<typeof setInterval> | undefined;

const tick = (): void => {
  now.value = Date.now() + offset;
};

/** The hub's time, updated once a second while something on the page reads it. */
export const now = signal<number>(Date.now(), {
  watched() {
    tick();
    timer = setInterval(tick, 1000);
  },
  unwatched() {
    clearInterval(timer);
  },
});

/** The hub's time now, without subscribing to updates. */
export const hubTime = (): number => Date.now() + offset;

/** Sets the hub's time; small differences are due to the network and ignored. */
export function setHubTime(serverTime: number): void {
  const difference = serverTime - Date.now();
  offset = Math.abs(difference) > 2000 ? difference : 0;
}
