// A client and the test hub, with a real WebSocket between them.
import type { TestContext } from "node:test";
import { Plenary, type PlenaryOptions } from "../../src/index.js";
import { TestClock } from "./clock.js";
import { Hub } from "./hub.js";
import { listen } from "./listen.js";

export interface Meeting {
  hub: Hub;
  plenary: Plenary;
  /** Time passes for the client when the test says so. */
  clock: TestClock;
}

/** A client and a hub that end with the test. The client is not connected yet. */
export async function meet(context: TestContext, options: Partial<PlenaryOptions> = {}): Promise<Meeting> {
  const hub = new Hub();
  const { url, WebSocket, close } = await listen(hub);
  const clock = new TestClock();
  const { runtime } = clock;
  const plenary = new Plenary({ url, event: "camp", WebSocket, runtime, ...options });
  context.after(async () => {
    plenary.close();
    await close();
  });
  return { hub, plenary, clock };
}

/** The same, connected and in a channel. */
export async function meetIn(context: TestContext, id: string, options: Partial<PlenaryOptions> = {}) {
  const meeting = await meet(context, options);
  await meeting.plenary.connect();
  return { ...meeting, channel: await meeting.plenary.join(id) };
}

/** Waits until `condition` holds, checking it whenever `event` comes. */
export function until<Event>(
  source: { on(event: Event, handler: () => void): () => void },
  event: Event,
  condition: () => unknown,
): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve) => {
    const off = source.on(event, () => {
      if (!condition()) return;
      off();
      resolve();
    });
  });
}
