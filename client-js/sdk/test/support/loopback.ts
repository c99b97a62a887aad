// The test hub behind a real WebSocket server on loopback.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { Plenary, type PlenaryOptions } from "../../src/index.js";
import { TestClock } from "./clock.js";
import { Hub } from "./hub.js";

export interface Meeting {
  hub: Hub;
  plenary: Plenary;
  /** Time passes for the client when the test says so. */
  clock: TestClock;
}

/** A client and a hub that end with the test. The client is not connected yet. */
export async function meet(context: TestContext, options: Partial<PlenaryOptions> = {}): Promise<Meeting> {
  const hub = new Hub();
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, path: "/ws" });
  server.on("connection", (socket) => serve(hub, socket));
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const clock = new TestClock();
  const { runtime } = clock;
  const plenary = new Plenary({ url: `http://127.0.0.1:${port}/ws`, event: "camp", WebSocket, runtime, ...options });
  context.after(async () => {
    plenary.close();
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, "close");
  });
  return { hub, plenary, clock };
}

/** The same, connected and in a channel. */
export async function meetIn(context: TestContext, id: string, options: Partial<PlenaryOptions> = {}) {
  const meeting = await meet(context, options);
  await meeting.plenary.connect();
  return { ...meeting, channel: await meeting.plenary.join(id) };
}

/** Waits until `condition` holds, looking whenever `event` comes. */
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

function serve(hub: Hub, socket: WebSocket): void {
  const peer = hub.connected({
    send: (text) => socket.send(text),
    // 1006 cannot be sent: it is what a client sees when the connection just breaks.
    close: (code, reason) => (code === 1006 ? socket.terminate() : socket.close(code, reason)),
  });
  socket.on("message", (frame) => hub.received(peer, String(frame)));
  socket.on("close", () => hub.gone(peer));
}
