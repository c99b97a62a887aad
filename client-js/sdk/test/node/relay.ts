// What browsers load the tests from, and where they report: it serves the bundle, and relays between the client's
// WebSocket and the test hub that runs in the same page or worker.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

/** One test's result. */
export interface Result {
  name: string;
  error?: string;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Tests</title>
<script type="module">
if (location.search === "?worker") new Worker("/tests.js", { type: "module" });
else import("/tests.js");
</script>`;

export interface Relay {
  readonly address: string;
  /** The next report. */
  report(): Promise<Result[]>;
  close(): void;
}

export async function startRelay(bundle: Uint8Array): Promise<Relay> {
  const reports = new Set<(results: Result[]) => void>();
  const server = createServer(async (request, response) => {
    if (request.url === "/report") {
      const results = JSON.parse(await bodyOf(request)) as Result[];
      for (const report of reports) report(results);
      reports.clear();
      response.end();
    } else if (request.url === "/tests.js") {
      response.setHeader("content-type", "text/javascript").end(bundle);
    } else {
      response.setHeader("content-type", "text/html").end(PAGE);
    }
  });
  const sockets = new WebSocketServer({ server });
  const hubs = new Map<string, RelayedHub>();
  sockets.on("connection", (socket, { url = "" }) => {
    const [, kind, name = ""] = url.split("/");
    if (kind === "hub") hubs.set(name, new RelayedHub(socket));
    else hubs.get(name)?.connect(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  };
  const report = () => new Promise<Result[]>((resolve) => reports.add(resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, report, close };
}

/** A test hub in a browser, and the clients that are connected to it, by number. */
class RelayedHub {
  readonly #hub: WebSocket;
  readonly #clients = new Map<number, WebSocket>();
  #last = 0;

  constructor(hub: WebSocket) {
    this.#hub = hub;
    hub.on("message", (message) => {
      const [client, what, ...rest] = JSON.parse(String(message));
      this.#do(this.#clients.get(client)!, what, rest);
    });
  }

  connect(client: WebSocket): void {
    const number = ++this.#last;
    this.#clients.set(number, client);
    const tell = (...message: unknown[]) => this.#hub.send(JSON.stringify([number, ...message]));
    client.on("message", (frame) => tell("frame", String(frame)));
    client.on("close", () => tell("close"));
    tell("open");
  }

  #do(client: WebSocket, what: string, [first, reason]: [never, string?]): void {
    if (what === "frame") client.send(first);
    // 1006 cannot be sent: it is what a client sees when the connection just breaks.
    else if (what === "close" && first === 1006) client.terminate();
    else if (what === "close") client.close(first, reason);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
