// A hub that does what a test says: speaks the protocol over any transport and answers from channel models.
import type { HelloAnswer, Operations, Pushes, Refusal } from "../../src/generated.js";
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
) => Operations[Op]["ok"] | { error: Refusal } | undefined;

/** The hub's side of a connection. */
export interface Transport {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** One client's connection, seen from the hub. */
export class Peer {
  /** The frames that came, and the requests in them. */
  readonly frames: string[] = [];
  readonly asked: Asked[] = [];
  readonly joined = new Set<string>();
  open = true;

  constructor(readonly transport: Transport) {}

  say(...lines: object[]): void {
    if (this.open) this.transport.send(lines.map((line) => JSON.stringify(line)).join("\n"));
  }

  push<Push extends keyof Pushes>(push: Push, data: Pushes[Push], channel?: string): void {
    this.say({ push, ...(channel && { channel }), data });
  }

  /** What was asked of one operation. */
  of<Op extends Name>(op: Op): Operations[Op]["data"][] {
    return this.asked.filter((asked) => asked.op === op).map(({ data }) => data as Operations[Op]["data"]);
  }

  close(code = 1006, reason = ""): void {
    this.transport.close(code, reason);
  }
}

export class Hub {
  /** Every connection there was, the newest last. */
  readonly peers: Peer[] = [];
  readonly channels = new Map<string, ChannelModel>();
  /** What hello is answered, apart from the usual. */
  hello: Partial<HelloAnswer> = {};
  /** The log that all numbers belong to. */
  log = "log-0";
  readonly #answers = new Map<Name, (data: never, peer: Peer) => object | undefined>();
  readonly #waiting: { condition: () => unknown; resolve: () => void }[] = [];

  constructor() {
    this.answer("hello", () => ({ ...usualHello, log: this.log, ...this.hello }));
    this.answer("ping", () => ({ server_time: 5_000 }));
    this.answer("channel.join", ({ channel, after, log }, peer) => {
      peer.joined.add(channel);
      const foreign = log !== undefined && log !== this.log;
      const join = this.channel(channel).join(foreign ? undefined : after);
      return { ...join, reset: join.reset || foreign };
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
      this.channel(channel).read(seq);
      return this.channel(channel).state().read;
    });
    this.answer("message.send", ({ channel, ...data }) => {
      const message = this.do(channel, (model) => model.send(ada, data));
      this.channel(channel).read(message.seq); // Whoever writes has read.
      return { seq: message.seq, message };
    });
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

  /** Changes a channel and pushes that to whoever is in it. */
  do<Result>(id: string, change: (channel: ChannelModel) => Result): Result {
    const channel = this.channel(id);
    const after = channel.head;
    const result = change(channel);
    if (channel.head > after) {
      for (const peer of this.peers) if (peer.joined.has(id)) peer.push("messages", channel.push(after), id);
    }
    return result;
  }

  /** Every channel goes back to what a backup has, and everybody is sent away, as by a restart. */
  restore(backup: () => void): void {
    backup();
    this.log = `log-${Number(this.log.split("-")[1]) + 1}`;
    for (const peer of this.peers) if (peer.open) peer.close();
  }

  connected(transport: Transport): Peer {
    const peer = new Peer(transport);
    this.peers.push(peer);
    this.#look();
    return peer;
  }

  received(peer: Peer, frame: string): void {
    peer.frames.push(frame);
    for (const line of frame.split("\n")) {
      const asked: Asked = JSON.parse(line);
      peer.asked.push(asked);
      const answer = this.#answers.get(asked.op)?.(asked.data as never, peer);
      if (answer) peer.say({ reply: asked.id, ...("error" in answer ? answer : { ok: answer }) });
    }
    this.#look();
  }

  gone(peer: Peer): void {
    peer.open = false;
    this.#look();
  }

  /** Waits until something that the hub sees is so. */
  until(condition: () => unknown): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  #look(): void {
    for (const waiting of this.#waiting.slice()) {
      if (!waiting.condition()) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.resolve();
    }
  }
}

const usualHello: Omit<HelloAnswer, "log"> = {
  connection: "connection-1",
  server_time: 5_000,
  version: 1,
  person: ada,
  roles: [],
  read_only: false,
  standing: [],
  directs: [],
  unread: [],
  limits: { message_length: 4_000, frame_bytes: 65_536, history_page: 100, group_size: 8, channels: 64 },
  ping_after_ms: 30_000,
};
