/** Chance from a seed, so that a plan that failed can be run again. A linear congruence is random enough here. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
    this.next();
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** At least 0, less than `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

/** Runs a plan for many seeds; PLENARY_SEED runs one again, PLENARY_PLANS sets how many. */
export function forSeeds(count: number, plan: (random: Random, seed: number) => void | Promise<void>) {
  return async (): Promise<void> => {
    const only = process.env["PLENARY_SEED"];
    const plans = only ? 1 : Number(process.env["PLENARY_PLANS"] ?? count);
    for (let index = 0; index < plans; index++) {
      const seed = only ? Number(only) : index + 1;
      try {
        await plan(new Random(seed), seed);
      } catch (error) {
        // The test runner does not show a cause.
        const what = error instanceof Error ? error.stack : String(error);
        throw new Error(`The plan of seed ${seed} failed (PLENARY_SEED=${seed} runs it again): ${what}`);
      }
    }
  };
}
