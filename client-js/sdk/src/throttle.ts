import type { Cancel, Runtime } from "./runtime.js";

/** Runs something at once, and again no sooner than `pause` later, if it was asked for meanwhile. */
export class Throttle {
  readonly #runtime: Runtime;
  readonly #pause: number;
  readonly #run: () => void;
  #waiting: Cancel | undefined;
  #again = false;

  /** `pause` in milliseconds. */
  constructor(runtime: Runtime, pause: number, run: () => void) {
    this.#runtime = runtime;
    this.#pause = pause;
    this.#run = run;
  }

  /** Asks for a run. With `later` false, nothing is made up for when it is too soon. */
  ask(later = true): void {
    if (this.#waiting) {
      this.#again ||= later;
      return;
    }
    this.#waiting = this.#runtime.after(this.#pause, () => {
      this.#waiting = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.ask();
    });
    this.#run();
  }

  stop(): void {
    this.#waiting?.();
    this.#waiting = undefined;
    this.#again = false;
  }
}
