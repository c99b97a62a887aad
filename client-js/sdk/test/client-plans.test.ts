// Random plans against the whole client: connections break with everything that is on its way, the hub drops
// pushes, drains and limits rates, while a person writes, reads back and reads on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Plenary, type Channel, type Message } from "../src/index.js";
import { TestClock } from "./support/clock.js";
import { Hub } from "./support/hub.js";
import { Link, memorySockets } from "./support/memory.js";
import { ada, type ChannelModel } from "./support/model.js";
import { forSeeds, type Random } from "./support/random.js";
import { settled } from "./support/wire.js";

const WINDOW = 40;
/** So many rounds of delivering everything are more than enough for everything to settle. */
const MOST_ROUNDS = 500;

class Plan {
  readonly hub = new Hub();
  readonly clock = new TestClock();
  readonly plenary: Plenary;
  readonly model = this.hub.channel("hall");
  /** The client's ids of what was written. */
  readonly written: string[] = [];
  readonly sent: Promise<Message>[] = [];
  /** Of these, what the client knows to be said. */
  readonly acknowledged = new Set<string>();
  /** What was acknowledged, and taken back by a restore. */
  readonly lost = new Set<string>();
  readonly #sockets;
  #links: Link[] = [];
  #channel: Channel | undefined;
  #lastTold: Message | undefined;
  #backup: (() => void) | undefined;

  /** `restores`: how often, compared with the other steps, the hub is restored from a backup. */
  constructor(
    readonly random: Random,
    readonly restores = 0,
  ) {
    const { WebSocket, sockets } = memorySockets();
    this.#sockets = sockets;
    const { runtime } = this.clock;
    this.plenary = new Plenary({ url: "http://hub/ws", event: "camp", WebSocket, runtime, window: WINDOW });
    this.plenary.connect();
    this.plenary.join("hall").then((channel) => this.joined(channel));
    this.limitRates(0.3);
  }

  limitRates(probability: number): void {
    this.hub.answer("message.send", ({ channel, ...data }) => {
      if (this.random.chance(probability)) {
        return { error: { code: "rate.limited", message: "Slow down.", retry_after_ms: 1 + this.random.below(900) } };
      }
      const message = this.hub.do(channel, (model) => model.send(ada, data));
      this.model.read(message.seq);
      return { seq: message.seq, message };
    });
  }

  joined(channel: Channel): void {
    this.#channel = channel;
    this.#lastTold = channel.messages.filter((message) => !message.pending).at(-1) as Message | undefined;
    channel.on("reset", () => (this.#lastTold = undefined));
    channel.on("message", (message) => {
      if (this.#lastTold) assert.equal(message.ordinal, this.#lastTold.ordinal + 1, "missing or repeated");
      this.#lastTold = message;
    });
  }

  async step(): Promise<void> {
    const { random, hub, model, link, clock } = this;
    const steps: [number, () => unknown][] = [
      [3, () => hub.do("hall", () => model.fill(1 + random.below(3)))],
      [2, () => this.change()],
      [3, () => this.write()],
      [10, () => link?.up()],
      [10, () => link?.down()],
      [4, () => clock.advance(random.below(1_500))],
      [1, () => this.lose()],
      [0.4, () => link?.break()],
      [0.1, () => link?.peer.close(4100, `server.draining ${random.below(5_000)}`)],
      [0.1, () => hub.do("hall", () => model.fill(700))],
      [0.5, () => this.#channel?.history().catch(() => {})],
      [0.3, () => this.#channel?.trim()],
      [0.5, () => this.#channel?.read(random.below(model.head + 1))],
      [this.restores, () => (this.#backup ??= model.backup())],
      [this.restores, () => this.restore()],
    ];
    let choice = random.next() * steps.reduce((sum, [weight]) => sum + weight, 0);
    steps.find(([weight]) => (choice -= weight) < 0)![1]();
    await settled();
  }

  /** The connection of the newest socket, if the client has one. */
  get link(): Link | undefined {
    const socket = this.#sockets.at(-1);
    if (!socket || socket.closed) return undefined;
    if (this.#links.length < this.#sockets.length) this.#links[this.#sockets.length - 1] = new Link(this.hub, socket);
    return this.#links.at(-1);
  }

  change(): void {
    if (!this.model.messages.length) return;
    const { seq } = this.random.pick(this.model.messages.slice(-60));
    const unpinned = { pinned_at: undefined };
    const what = [{ text: "edited" }, { pinned_at: 1 }, unpinned, { deleted: "author" as const }];
    this.hub.do("hall", (model) => model.change(seq, this.random.pick(what)));
  }

  write(): void {
    if (!this.#channel || this.written.length - this.model.messages.length > 50) return;
    const sent = this.#channel.send(`Written ${this.written.length}`);
    const { client_id } = this.#channel.messages.at(-1)!;
    sent.then(() => this.acknowledged.add(client_id));
    this.written.push(client_id);
    this.sent.push(sent);
  }

  /** The hub's database comes from a backup, and what is said from now on has numbers that were given before. */
  restore(): void {
    const backup = this.#backup;
    this.#backup = undefined;
    if (!backup) return;
    this.hub.restore(backup);
    this.link?.break();
    const kept = new Set(this.model.messages.map(({ client_id }) => client_id));
    for (const id of this.acknowledged) if (!kept.has(id)) this.lost.add(id);
  }

  /** A push is lost on its way, as if the hub had a mistake. */
  lose(): void {
    this.link?.disturb((frames) => {
      const place = frames.findIndex((frame) => frame.startsWith('{"push":"messages"'));
      if (place >= 0) frames.splice(place, 1);
    });
  }

  /** Lets everything arrive that is on its way. */
  async settle(): Promise<Channel> {
    this.limitRates(0);
    this.link?.break();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      this.clock.advance(1_000);
      await settled();
      while (this.link?.up() || this.link?.down()) await settled();
      const channel = this.#channel;
      const busy = !channel || channel.status !== "live" || channel.messages.some(({ pending }) => pending);
      if (!busy && round > 10) return channel;
    }
    throw new Error("It does not settle.");
  }
}

/** What has no value does not travel. */
const asTravelled = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** The client shows what the hub has. */
function agree(channel: Channel, model: ChannelModel): void {
  const messages = asTravelled(model.messages);
  const shown = channel.messages as Message[];
  assert.deepEqual(shown, messages.slice(-shown.length));
  assert.ok(shown.length >= Math.min(WINDOW, messages.length));
  assert.equal(channel.hasOlder, shown.length < messages.length);
  const { head, count, pinned, read } = asTravelled(model.state());
  assert.deepEqual([channel.state.head, channel.state.count], [head, count]);
  const bySeq = (one: Message, other: Message) => one.seq - other.seq;
  assert.deepEqual([...channel.state.pinned].sort(bySeq), pinned);
  assert.equal(channel.state.read.unread, read.unread);
}

const ownOf = (model: ChannelModel) => model.messages.filter(({ sender }) => sender.id === ada.id);

test(
  "after any plan everything written is there once and in order, and all is as the hub has it",
  forSeeds(150, async (random) => {
    const plan = new Plan(random);
    const steps = 100 + random.below(300);
    for (let step = 0; step < steps; step++) await plan.step();
    const channel = await plan.settle();
    const own = ownOf(plan.model);
    assert.equal(own.length, plan.written.length);
    for (const [index, sent] of plan.sent.entries()) assert.equal((await sent).seq, own[index]?.seq);
    agree(channel, plan.model);
    plan.plenary.close();
  }),
);

test(
  "after any plan with restores only what they took back is gone, and all is as the hub has it",
  forSeeds(150, async (random) => {
    const plan = new Plan(random, 0.5);
    const steps = 100 + random.below(300);
    for (let step = 0; step < steps; step++) await plan.step();
    const channel = await plan.settle();
    const kept = plan.written.filter((id) => !plan.lost.has(id));
    assert.deepEqual(ownOf(plan.model).map(({ client_id }) => client_id), kept);
    await Promise.all(plan.sent);
    agree(channel, plan.model);
    plan.plenary.close();
  }),
);
