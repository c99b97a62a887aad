// After news of a change: who reads again, when, and what.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Plenary, type EventChange, type EventPush, type RefreshOptions } from "../src/index.js";
import { Random } from "./support/random.js";
import { settled, Wire } from "./support/wire.js";

const PARTS = ["rooms", "agenda"] as const;

class Reader {
  readonly wire = new Wire();
  readonly read: (EventChange & { at: number })[] = [];
  readonly refresh;

  constructor(options: RefreshOptions = {}) {
    this.refresh = this.wire.plenary.onEventChanged(
      PARTS,
      (change) => this.read.push({ ...change, at: this.wire.clock.time - this.start }),
      options,
    );
  }

  start = this.wire.clock.time;

  async connect(version: number): Promise<this> {
    this.wire.plenary.connect();
    await settled();
    this.wire.socket.open();
    await settled();
    this.wire.answerHello({ version });
    this.start = this.wire.clock.time;
    return this;
  }

  hear(version: number, what: readonly string[], within_ms?: number): void {
    this.wire.socket.say({ push: "event", data: { version, what, within_ms } });
  }
}

test("12,000 clients that hear of one change read again all over the told time", () => {
  const random = new Random(12);
  const moments: number[] = [];
  // What of a client counts here: the randomness is its own, the news is the same for all.
  class NoSocket {
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    send() {}
    close() {}
  }
  const runtime = {
    random: () => random.next(),
    now: () => 0,
    after: (delay: number) => (moments.push(delay), () => {}),
  };
  for (let client = 0; client < 12_000; client++) {
    const plenary = new Plenary({ url: "http://hub/ws", event: "camp", WebSocket: NoSocket, runtime });
    plenary.onEventChanged(PARTS, () => {});
    plenary.pushed({ push: "event", data: { version: 2, what: ["rooms"], within_ms: 30_000 } as EventPush });
  }
  const perSecond = Array.from({ length: 30 }, () => 0);
  for (const moment of moments) perSecond[Math.floor(moment / 1_000)]!++;
  assert.equal(moments.length, 12_000);
  assert.equal(perSecond.length, 30);
  // 400 each on average.
  assert.ok(Math.max(...perSecond) < 500, `${Math.max(...perSecond)} in one second`);
  assert.ok(Math.min(...perSecond) > 300, `${Math.min(...perSecond)} in one second`);
});

test("without a told time it is five seconds, and only what has changed of what is wanted is read", async () => {
  const reader = await new Reader().connect(1);
  reader.wire.clock.chance = 0.999;
  reader.hear(2, ["rooms", "roles"]);
  reader.hear(3, ["sanctions"]);
  reader.wire.clock.advance(4_994);
  assert.deepEqual(reader.read, []);
  reader.wire.clock.advance(1);
  assert.deepEqual(reader.read, [{ parts: ["rooms"], version: 3, at: 4_995 }]);
  reader.wire.clock.advance(20_000);
  assert.equal(reader.read.length, 1);
});

test("changes that follow each other are read together, and never later than the time told for any of them", async () => {
  const reader = await new Reader().connect(1);
  reader.wire.clock.chance = 0.5;
  reader.hear(2, ["rooms"], 10_000);
  reader.wire.clock.advance(1_000);
  reader.hear(3, ["agenda"], 10_000); // The moment drawn for the first is soon enough.
  reader.wire.clock.advance(1_000);
  reader.hear(4, ["agenda"], 1_000); // This one is not.
  reader.wire.clock.advance(499);
  assert.deepEqual(reader.read, []);
  reader.wire.clock.advance(1);
  assert.deepEqual(reader.read, [{ parts: ["rooms", "agenda"], version: 4, at: 2_500 }]);
});

test("one's own change is read at once, and not once more", async () => {
  const reader = await new Reader().connect(1);
  reader.hear(2, ["rooms", "agenda"], 10_000);
  reader.refresh.now(["rooms"]);
  assert.deepEqual(reader.read, [{ parts: ["rooms"], version: 2, at: 0 }]);
  reader.wire.clock.advance(10_000);
  assert.deepEqual(reader.read.slice(1).map(({ parts }) => parts), [["agenda"]]);
});

test("after a connection that missed a change everything is read again, after one that did not nothing", async () => {
  const reader = await new Reader().connect(1);
  reader.wire.socket.end();
  reader.wire.clock.advance(20_000);
  await reader.connect(1);
  reader.wire.clock.advance(20_000);
  assert.deepEqual(reader.read, []);
  reader.wire.socket.end();
  reader.wire.clock.advance(20_000);
  await reader.connect(4);
  reader.wire.clock.advance(5_000);
  assert.deepEqual(reader.read.map(({ parts, version }) => [parts, version]), [[PARTS, 4]]);
});

test("what changed between reading and connecting is read, when the version that was read is known", async () => {
  const reader = await new Reader({ version: 6 }).connect(7);
  reader.wire.clock.advance(5_000);
  assert.equal(reader.read.length, 1);
});

test("after its end nothing is read", async () => {
  const stop = new AbortController();
  const reader = await new Reader(stop).connect(1);
  reader.hear(2, ["rooms"]);
  stop.abort();
  reader.hear(3, ["rooms"]);
  reader.wire.clock.advance(20_000);
  assert.deepEqual(reader.read, []);
});
