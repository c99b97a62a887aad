// In a browser: the test hub runs in the page, behind the runner's relay (`node/relay.ts`), so that the client
// connects to it with the browser's own WebSocket.
import type { Hub, Peer } from "../support/hub.js";
import type { Listening } from "../support/listen.js";

let meetings = 0;

export async function listen(hub: Hub): Promise<Listening> {
  const { host } = globalThis.location;
  const name = `${globalThis.document ? "page" : "worker"}-${++meetings}`;
  const relay = new WebSocket(`ws://${host}/hub/${name}`);
  const peers = new Map<number, Peer>();
  await new Promise((resolve, reject) => {
    relay.onopen = resolve;
    relay.onerror = reject;
  });
  const say = (...message: unknown[]) => relay.send(JSON.stringify(message));
  relay.onmessage = ({ data }: MessageEvent<string>) => {
    const [client, what, frame] = JSON.parse(data) as [number, "open" | "frame" | "close", string];
    if (what === "open") {
      peers.set(
        client,
        hub.connected({
          send: (text) => say(client, "frame", text),
          close: (code, reason) => say(client, "close", code, reason),
        }),
      );
    } else if (what === "frame") hub.received(peers.get(client)!, frame);
    else hub.gone(peers.get(client)!);
  };
  return { url: `http://${host}/client/${name}`, WebSocket, close: async () => relay.close() };
}
