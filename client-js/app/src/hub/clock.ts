import { signal } from '@preact/signals';

/** Difference of the hub's clock to this device's, in milliseconds: countdowns follow the hub. */
let offset = 0;
let timer: ReturnType<typeof setInterval> | undefined;

const tick = (): void => {
  now.value = Date.now() + offset;
};

/** The hub's time, moving once a second while something on the page reads it. */
export const now = signal<number>(Date.now(), {
  watched() {
    tick();
    timer = setInterval(tick, 1000);
  },
  unwatched() {
    clearInterval(timer);
  },
});

/** The hub's time at this moment, without listening to its ticks. */
export const hubTime = (): number => Date.now() + offset;

/** Tells the clock what the hub's time is; small differences are the network's and are left alone. */
export function setHubTime(serverTime: number): void {
  const difference = serverTime - Date.now();
  offset = Math.abs(difference) > 2000 ? difference : 0;
}
