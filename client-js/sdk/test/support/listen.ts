// The test hub behind a real WebSocket server on loopback. In browsers `browser/listen.ts` stands in for this.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { SocketConstructor } from "../../src/index.js";
import type { Hub } from "./hub.js";

/** Where a hub can be reached. */
export interface Listening {
  readonly url: string;
  readonly WebSocket: SocketConstructor;
  close(): Promise<void>;
}

export async function listen(hub: Hub): Promise<Listening> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, path: "/ws" });
  server.on("connection", (socket) => serve(hub, socket));
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}/ws`, WebSocket, close };
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
