// A hub of one's own on loopback: speaks the protocol, answers from channel models, and does what a test says.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { Hello, Operations, Pushes, WireError } from "../../src/wire.js";
import { ada, ChannelModel } from "./model.js";

type Name = keyof Operations;

interface Asked<Op extends Name = Name> {
  id: number;
  op: Op;
  data: Operations[Op]["data"];
}

/** Answers `ok`, `{ error }`, or nothing: then no answer is ever sent. */
type Answer<Op extends Name> = (
  data: Operations[Op]["data"],
  peer: Peer,
) => Operations[Op]["ok"] | { error: WireError } | undefined;

/** One client's connection, seen from the hub. */
export class Peer {
  readonly frames: string[] = [];
  readonly asked: Asked[] = [];
  readonly joined = new Set<string>();
  readonly socket: WebSocket;
  open = true;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  say(...lines: object[]): void {
    this.socket.send(lines.map((line) => JSON.stringify(line)).join("\n"));
  }

  push<Push extends keyof Pushes>(push: Push, data: Pushes[Push], channel?: string): void {
    this.say({ push, ...(channel && { channel }), data });
  }

  askedFor<Op extends Name>(op: Op): Operations[Op]["data"][] {
    return this.asked.filter((asked) => asked.op === op).map(({ data }) => data as Operations[Op]["data"]);
  }
}

export class Hub {
  readonly peers: Peer[] = [];
  readonly channels = new Map<string, ChannelModel>();
  hello: Partial<Hello> = {};
  readonly #server: WebSocketServer;
  readonly #answers = new Map<Name, (data: never, peer: Peer) => object | undefined>();
  readonly #waiting: { condition: () => unknown; resolve: () => void }[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => this.#connected(socket));
    this.#answerFromModels();
  }

  static async start(port = 0): Promise<Hub> {
    const server = new WebSocketServer({ host: "127.0.0.1", port, path: "/ws" });
    await once(server, "listening");
    return new Hub(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/ws`;
  }

  /** The newest connection. */
  get peer(): Peer {
    return this.peers.at(-1)!;
  }

  /** Replaces the answer to an operation. */
  answer<Op extends Name>(op: Op, answer: Answer<Op>): void {
    this.#answers.set(op, answer);
  }

  channel(id: string): ChannelModel {
    let channel = this.channels.get(id);
    if (!channel) this.channels.set(id, (channel = new ChannelModel(id)));
    return channel;
  }

  /** Changes a channel and pushes it to whoever is in it. */
  do<Result>(id: string, change: (channel: ChannelModel) => Result): Result {
    const channel = this.channel(id);
    const after = channel.head;
    const result = change(channel);
    for (const peer of this.peers) if (peer.open && peer.joined.has(id)) peer.push("messages", channel.push(after), id);
    return result;
  }

  /** Waits until something that the hub sees is so. */
  until(condition: () => unknown): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
    await once(this.#server, "close");
  }

  #connected(socket: WebSocket): void {
    const peer = new Peer(socket);
    this.peers.push(peer);
    socket.on("message", (frame) => {
      peer.frames.push(String(frame));
      for (const line of String(frame).split("\n")) this.#asked(peer, JSON.parse(line));
      this.#check();
    });
    socket.on("close", () => {
      peer.open = false;
      this.#check();
    });
    this.#check();
  }

  #asked(peer: Peer, asked: Asked): void {
    peer.asked.push(asked);
    const answer = this.#answers.get(asked.op)?.(asked.data as never, peer);
    if (!answer) return;
    peer.say("error" in answer ? { reply: asked.id, ...answer } : { reply: asked.id, ok: answer });
  }

  #check(): void {
    for (const waiting of this.#waiting.slice()) {
      if (!waiting.condition()) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.resolve();
    }
  }

  #answerFromModels(): void {
    this.answer("hello", () => ({ ...firstHello, ...this.hello }));
    this.answer("ping", () => ({ server_time: 5_000 }));
    this.answer("channel.join", ({ channel, after }, peer) => {
      peer.joined.add(channel);
      return this.channel(channel).join(after);
    });
    this.answer("channel.leave", ({ channel }, peer) => {
      peer.joined.delete(channel);
      return {};
    });
    this.answer("channel.catch_up", ({ channel, after }) => this.channel(channel).catchUp(after));
    this.answer("channel.history", ({ channel, before, limit }) => this.channel(channel).history(before, limit));
    this.answer("channel.own_reactions", () => ({ own: {} }));
    this.answer("channel.typing", () => ({}));
    this.answer("channel.read", ({ channel, seq }) => {
      this.channel(channel).readSeq = seq;
      const { unread, mentions } = this.channel(channel).state().read;
      return { unread, mentions };
    });
    this.answer("message.send", ({ channel, client_id, text }) => {
      const message = this.do(channel, (model) => model.send(ada, text, client_id));
      return { seq: message.seq, message };
    });
  }
}

const firstHello: Hello = {
  connection: "connection-1",
  server_time: 5_000,
  person: ada,
  roles: [],
  read_only: false,
  standing: [],
  directs: [],
  unread: [],
  limits: { message_length: 4_000, frame_bytes: 65_536, history_page: 100, group_size: 8 },
  ping_after_ms: 30_000,
};
