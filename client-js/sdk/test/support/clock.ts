import type { Runtime } from "../../src/index.js";
import { Random } from "./random.js";

/** Time, chance and waking up, as a test says. */
export class TestClock {
  time = 1_000_000;
  /** What chance answers; left out, something else each time. */
  chance: number | undefined;
  wake: () => void = () => {};
  /** Whether anybody waits to be woken. */
  listening = false;
  readonly #random = new Random(1);
  #timers: { at: number; run: () => void }[] = [];

  readonly runtime: Runtime = {
    now: () => this.time,
    after: (milliseconds, run) => {
      const timer = { at: this.time + milliseconds, run };
      this.#timers.push(timer);
      return () => (this.#timers = this.#timers.filter((other) => other !== timer));
    },
    random: () => this.chance ?? this.#random.next(),
    onWake: (handler) => {
      this.wake = handler;
      this.listening = true;
      return () => (this.listening = false);
    },
  };

  /** Lets time pass, running what is due in its order. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.#timers.reduce((one, other) => (other.at < one.at ? other : one), { at: end + 1, run() {} });
      if (next.at > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }
}
