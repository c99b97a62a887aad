import assert from "node:assert/strict";
import { Plenary, type ConnectionState, type HelloAnswer, type PlenaryOptions } from "../../src/index.js";
import { TestClock } from "./clock.js";
import { memorySockets, type MemorySocket } from "./memory.js";

/** A client on sockets whose other end is the test. */
export class Wire {
  readonly clock = new TestClock();
  readonly sockets: MemorySocket[];
  readonly plenary: Plenary;
  readonly states: ConnectionState[] = [];

  constructor(options: Partial<PlenaryOptions> = {}) {
    const { WebSocket, sockets } = memorySockets();
    this.sockets = sockets;
    const { runtime } = this.clock;
    this.plenary = new Plenary({ url: "https://hub.example/ws", event: "camp", WebSocket, runtime, ...options });
    this.plenary.on("state", (state) => this.states.push(state));
  }

  get socket(): MemorySocket {
    return this.sockets.at(-1)!;
  }

  /** Opens the newest socket and answers its hello. */
  async greet(): Promise<void> {
    await settled();
    this.socket.open();
    await settled();
    this.answerHello();
  }

  answerHello(more: Partial<HelloAnswer> = {}): void {
    const { id } = this.socket.asked[0]!;
    this.socket.say({ reply: id, ok: { server_time: 0, unread: [], directs: [], ping_after_ms: 30_000, ...more } });
  }

  /** How long it waits for the next attempt. */
  get wait(): number {
    const { state } = this.plenary;
    assert.equal(state.status, "waiting");
    return state.status === "waiting" ? state.retryAt - this.clock.time : Number.NaN;
  }
}

/** Lets everything run that waits for promises only. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
