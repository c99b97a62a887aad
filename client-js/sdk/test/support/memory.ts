// The test hub without a network: frames arrive when the test says so.
import type { Socket, SocketConstructor } from "../../src/index.js";
import { type Hub, type Peer } from "./hub.js";

/** A client's socket whose other end is the test. */
export class MemorySocket implements Socket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: string[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(frame: string): void {
    this.sent.push(frame);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.onopen?.({} as never);
  }

  say(...lines: object[]): void {
    this.onmessage?.({ data: lines.map((line) => JSON.stringify(line)).join("\n") } as never);
  }

  end(code = 1006, reason = ""): void {
    this.closed = true;
    this.onclose?.({ code, reason } as never);
  }

  /** The requests sent so far. */
  get asked(): { id: number; op: string; data: Record<string, unknown> }[] {
    return this.sent.flatMap((frame) => frame.split("\n")).map((line) => JSON.parse(line));
  }
}

/** A WebSocket class whose sockets are kept, the newest last. */
export function memorySockets(): { WebSocket: SocketConstructor; sockets: MemorySocket[] } {
  const sockets: MemorySocket[] = [];
  class WebSocket extends MemorySocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      sockets.push(this);
    }
  }
  return { WebSocket, sockets };
}

/** A link between a client's socket and a hub that delivers one frame of either direction at a time. */
export class Link {
  readonly peer: Peer;
  readonly #hub: Hub;
  readonly #socket: MemorySocket;
  #delivered = 0;
  readonly #toClient: string[] = [];
  #farewell: { code: number; reason: string } | undefined;

  constructor(hub: Hub, socket: MemorySocket) {
    this.#hub = hub;
    this.#socket = socket;
    this.peer = hub.connected({
      send: (text) => this.#toClient.push(text),
      close: (code, reason) => (this.#farewell = { code, reason }),
    });
    socket.open();
  }

  get broken(): boolean {
    return this.#socket.closed;
  }

  /** Delivers a frame to the hub. Returns whether there was one. */
  up(): boolean {
    const frame = this.#socket.sent[this.#delivered];
    if (frame === undefined) return false;
    this.#delivered++;
    this.#hub.received(this.peer, frame);
    return true;
  }

  /** Delivers a frame, or the close after the last, to the client. Returns whether there was one. */
  down(): boolean {
    const frame = this.#toClient.shift();
    if (frame !== undefined) this.#socket.onmessage?.({ data: frame } as never);
    else if (this.#farewell && !this.broken) this.break(this.#farewell.code, this.#farewell.reason);
    else return false;
    return true;
  }

  /** Ends the connection for both, with whatever was on its way. */
  break(code = 1006, reason = ""): void {
    this.#hub.gone(this.peer);
    this.#socket.end(code, reason);
  }

  /** Changes the frames that are on their way to the client. */
  disturb(change: (frames: string[]) => void): void {
    change(this.#toClient);
  }
}
