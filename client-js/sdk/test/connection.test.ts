import assert from "node:assert/strict";
import { test } from "node:test";
import { Plenary, PlenaryError } from "../src/index.js";
import { memorySockets } from "./support/memory.js";
import { settled, Wire } from "./support/wire.js";

test("hello is the first request, and connecting settles with its answer", async () => {
  const wire = new Wire({ ticket: "once", client: "test/1" });
  const connected = wire.plenary.connect();
  await settled();
  wire.socket.open();
  await settled();
  assert.equal(wire.socket.url, "wss://hub.example/ws");
  assert.equal(wire.socket.protocol, "plenary.v1");
  const [hello] = wire.socket.asked;
  assert.deepEqual([hello?.op, hello?.data], ["hello", { event: "camp", ticket: "once", client: "test/1" }]);
  wire.answerHello();
  assert.equal((await connected).ping_after_ms, 30_000);
  assert.deepEqual(wire.states.map(({ status }) => status), ["connecting", "open"]);
});

test("only the scheme of an address is replaced", async () => {
  for (const [given, used] of [
    ["https://hub.example/ws", "wss://hub.example/ws"],
    ["http://hub.example/ws", "ws://hub.example/ws"],
    ["wss://http.example/ws", "wss://http.example/ws"],
    ["ws://https.example/http", "ws://https.example/http"],
    ["https://http.example/ws", "wss://http.example/ws"],
  ] as const) {
    const wire = new Wire({ url: given });
    wire.plenary.connect();
    await settled();
    assert.equal(wire.socket.url, used);
    wire.plenary.close();
  }
});

test("without an address or a WebSocket there is no client", () => {
  const { WebSocket } = memorySockets();
  assert.throws(() => new Plenary({ url: "http://", event: "camp", WebSocket }), TypeError);
  for (const url of ["localhost:8080/ws", "ftp://x/ws", "httpx://x/ws", "http://x/ws#a", "http://x/ws#", "data:,x"]) {
    assert.throws(() => new Plenary({ url, event: "camp", WebSocket }), TypeError, url);
  }
  const url = "https://hub.example/ws";
  if (!globalThis.WebSocket) assert.throws(() => new Plenary({ url, event: "camp" }), TypeError);
});

test("attempts that fail are made again with full jitter, until one succeeds", async () => {
  const wire = new Wire();
  wire.clock.chance = 1;
  wire.plenary.connect();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    await settled();
    wire.socket.end();
    waits.push(wire.wait);
    wire.clock.advance(waits.at(-1)!);
  }
  assert.deepEqual(waits, [1_000, 1_500, 2_500, 4_500, 8_500, 16_500, 20_000]);
  await wire.greet();
  wire.socket.end();
  assert.equal(wire.wait, 1_000);
  assert.equal(wire.sockets.length, 8);
});

test("a told delay is obeyed to the millisecond, even when the network comes back", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  wire.socket.end(4100, "server.draining 7000");
  const retryAt = wire.clock.time + 7_000;
  assert.deepEqual(wire.plenary.state, { status: "waiting", retryAt, told: true, reason: "server.draining" });
  wire.clock.wake();
  wire.plenary.connect();
  wire.clock.advance(6_999);
  await settled();
  assert.equal(wire.sockets.length, 1);
  wire.clock.advance(1);
  await settled();
  assert.equal(wire.sockets.length, 2);
});

test("an announced delay counts when the connection breaks before its close arrives", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  const closing: unknown[] = [];
  wire.plenary.on("closing", ({ code }) => closing.push(code));
  wire.socket.say({ push: "closing", data: { code: "server.draining", message: "Soon.", retry_after_ms: 4_000 } });
  wire.socket.end(1006);
  assert.equal(wire.wait, 4_000);
  assert.deepEqual(closing, ["server.draining"]);
});

test("the network or the page coming back ends the wait", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await settled();
  wire.socket.end();
  wire.clock.wake();
  await settled();
  assert.equal(wire.sockets.length, 2);
});

test("a final close is not followed by another attempt until asked for", async () => {
  const wire = new Wire();
  const connected = wire.plenary.connect();
  const message = "You are banned until Monday.";
  await settled();
  wire.socket.open();
  const error = { code: "moderation.banned", message, until: 5_000, reason: "Spam" };
  wire.socket.say({ reply: 1, error });
  wire.socket.say({ push: "closing", data: { code: "moderation.banned", message, retry_after_ms: null } });
  wire.socket.end(4202, "moderation.banned");
  const { state } = wire.plenary;
  const refusal = state.status === "closed" ? state.refusal : undefined;
  assert.deepEqual(state, { status: "closed", code: 4202, reason: "moderation.banned", message, refusal });
  assert.deepEqual([refusal?.code, refusal?.until, refusal?.reason], ["moderation.banned", 5_000, "Spam"]);
  await assert.rejects(connected, { name: "PlenaryError", code: "moderation.banned", message });
  assert.equal(wire.clock.listening, false);
  wire.clock.wake();
  wire.clock.advance(100_000);
  await settled();
  assert.equal(wire.sockets.length, 1);
  const again = wire.plenary.connect();
  await wire.greet();
  await again;
  assert.equal(wire.plenary.state.status, "open");
});

test("whoever waits to join is told why the connection ended, and can join once it is made anew", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  const waiting = wire.plenary.join("hall");
  await wire.greet();
  wire.socket.say({ push: "closing", data: { code: "sign_in.ended", message: "Sign in again.", retry_after_ms: null } });
  wire.socket.end(4203, "sign_in.ended");
  const reason = { name: "PlenaryError", code: "sign_in.ended", message: "Sign in again." };
  await assert.rejects(waiting, reason);
  await assert.rejects(wire.plenary.join("hall"), reason);
  wire.plenary.connect();
  const again = wire.plenary.join("hall");
  again.catch(() => {});
  await wire.greet();
  assert.equal(wire.socket.asked.filter(({ op }) => op === "channel.join").length, 1);
  wire.plenary.close();
  await assert.rejects(again, { code: "connection.closed" });
});

test("a refused hello is retried or not as the close after it says", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await settled();
  wire.socket.open();
  wire.socket.say({ reply: 1, error: { code: "server.storage", message: "No.", retry_after_ms: 2_000 } });
  wire.socket.end(4100, "server.draining 2000");
  assert.equal(wire.wait, 2_000);
});

test("silence is asked about, and answered silence is lost", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  wire.clock.advance(29_000);
  wire.socket.say({ push: "event", data: { version: 2, what: ["agenda"] } });
  wire.clock.advance(29_999);
  await settled();
  assert.deepEqual(wire.socket.asked.map(({ op }) => op), ["hello"]);
  wire.clock.advance(1);
  await settled();
  const ping = wire.socket.asked.at(-1)!;
  assert.equal(ping.op, "ping");
  wire.clock.advance(9_000);
  wire.socket.say({ reply: ping.id, ok: { server_time: 0 } });
  wire.clock.advance(30_000);
  wire.clock.advance(9_999);
  assert.equal(wire.plenary.state.status, "open");
  wire.clock.advance(1);
  assert.ok(wire.socket.closed);
  const retryAt = wire.clock.time + wire.wait;
  assert.deepEqual(wire.states.at(-1), { status: "waiting", retryAt, told: false, reason: "connection.silent" });
});

test("waking up asks at once whether an open connection still is", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  wire.clock.wake();
  await settled();
  assert.equal(wire.socket.asked.at(-1)?.op, "ping");
  wire.clock.advance(10_000);
  assert.equal(wire.plenary.state.status, "waiting");
});

test("an attempt that leads nowhere is given up", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await settled();
  wire.socket.open();
  wire.clock.advance(15_000);
  assert.equal(wire.plenary.state.status, "waiting");
  assert.ok(wire.socket.closed);
});

test("every connection gets a ticket of its own", async () => {
  let tickets = 0;
  const wire = new Wire({ ticket: async () => `ticket-${++tickets}` });
  wire.plenary.connect();
  for (const ticket of ["ticket-1", "ticket-2"]) {
      await wire.greet();
    await settled();
    assert.equal(wire.socket.asked[0]?.data["ticket"], ticket);
    wire.socket.end();
    wire.clock.advance(wire.wait);
  }
});

test("a ticket that cannot be had now is asked for again, one that is refused is not", async () => {
  let refused = false;
  const wire = new Wire({
    ticket: () => {
      throw refused ? new PlenaryError("sign_in.required", "Please sign in.") : new TypeError("fetch failed");
    },
  });
  const connected = wire.plenary.connect();
  await settled();
  assert.equal(wire.plenary.state.status, "waiting");
  refused = true;
  wire.clock.advance(wire.wait);
  await assert.rejects(connected, { code: "sign_in.required" });
  assert.equal(wire.plenary.state.status, "closed");
  assert.equal(wire.sockets.length, 0);
});

test("closing while the ticket is on its way opens no connection", async () => {
  let give: (ticket: string) => void = () => {};
  const wire = new Wire({ ticket: () => new Promise((resolve) => (give = resolve)) });
  wire.plenary.connect();
  wire.plenary.close();
  give("late");
  await settled();
  assert.equal(wire.sockets.length, 0);
  assert.equal(wire.plenary.state.status, "closed");
});

test("a line that cannot be read ends the connection, and what follows it is void", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  const heard: unknown[] = [];
  wire.plenary.on("event", (event) => heard.push(event));
  const event = JSON.stringify({ push: "event", data: { version: 2, what: [] } });
  wire.socket.onmessage?.({ data: `${event}\n{"push":\n${event}` } as never);
  assert.equal(heard.length, 1);
  assert.equal(wire.plenary.state.status, "waiting");
});

for (const line of [
  "null",
  "1",
  '"x"',
  "[]",
  "{}",
  '{"push":"unread"}',
  '{"push":"unread","data":1}',
  '{"push":"mention"}',
  '{"push":"mention","data":{}}',
  '{"push":"closing","data":null}',
  '{"push":"messages","channel":"hall","data":{"after":0,"seq":1}}',
  '{"reply":null,"error":null}',
  '{"reply":2}',
  '{"reply":2,"ok":null}',
  '{"reply":2,"error":"no"}',
]) {
  test(`a line that means nothing ends the connection as one that cannot be read does: ${line}`, async () => {
    const wire = new Wire();
    wire.plenary.connect();
    await wire.greet();
    const joined = wire.plenary.join("hall");
    joined.catch(() => {});
    await settled();
    const answer = JSON.stringify({ reply: 2, ok: { state: { head: 0, count: 0, pinned: [], read: { seq: 0 } }, messages: [] } });
    if (line.includes("hall")) wire.socket.onmessage?.({ data: answer } as never);
    if (line.includes("hall")) await joined;
    wire.socket.onmessage?.({ data: line } as never);
    const reason = "connection.unreadable";
    assert.deepEqual(wire.states.slice(2).map((state) => "reason" in state && state.reason), [reason]);
    assert.equal(wire.plenary.state.status, "waiting");
  });
}

test("a line that means nothing does not bring back a connection that was closed meanwhile", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  wire.plenary.attach({ resume() {}, changed() {}, pushed: () => wire.plenary.close() });
  wire.socket.onmessage?.({ data: '{"push":"mention","data":{}}' } as never);
  assert.equal(wire.plenary.state.status, "closed");
});

test("an answer that cannot be used takes the channel away instead of breaking the program", async () => {
  const wire = new Wire();
  wire.plenary.connect();
  await wire.greet();
  const joined = wire.plenary.join("hall");
  await settled();
  wire.socket.say({ reply: 2, ok: {} });
  await assert.rejects(joined);
});

test("a socket that cannot even be made is tried again", async () => {
  class Refusing {
    constructor() {
      throw new Error("blocked");
    }
  }
  const wire = new Wire({ WebSocket: Refusing as never });
  wire.plenary.connect();
  await settled();
  assert.equal(wire.plenary.state.status, "waiting");
});

for (const status of ["connecting", "open", "waiting"] as const) {
  test(`closing while it tells that it is ${status} closes for good`, async () => {
    const wire = new Wire();
    const connected = wire.plenary.connect();
    wire.plenary.on("state", (state) => state.status === status && wire.plenary.close());
    if (status === "connecting") wire.plenary.close();
    await settled();
    if (status !== "connecting") await wire.greet();
    wire.socket?.end();
    wire.clock.advance(100_000);
    await settled();
    assert.equal(wire.plenary.state.status, "closed");
    assert.ok(wire.sockets.length <= 1);
    if (status === "connecting") await assert.rejects(connected, { code: "connection.closed" });
  });
}

test("one can wait until there is a connection, and give up waiting", async () => {
  const wire = new Wire();
  const ready = wire.plenary.ready();
  const stop = new AbortController();
  const given = wire.plenary.ready(stop);
  stop.abort();
  await assert.rejects(given, { name: "AbortError" });
  await assert.rejects(wire.plenary.ready(stop), { name: "AbortError" });
  wire.plenary.connect();
  await wire.greet();
  assert.equal((await ready).ping_after_ms, 30_000);
  assert.equal(await wire.plenary.ready(), await ready);
  wire.socket.end();
  const later = wire.plenary.ready();
  wire.plenary.close();
  await assert.rejects(later, { code: "connection.closed" });
  await assert.rejects(wire.plenary.ready(), { code: "connection.closed" });
});

test("the log tells what happens, and neither the ticket nor what people write", async () => {
  const log: string[] = [];
  const wire = new Wire({ ticket: "secret", log: (...entry) => log.push(JSON.stringify(entry)) });
  wire.plenary.connect();
  await wire.greet();
  const asked = wire.plenary.request("message.send", { channel: "hall", client_id: "c", text: "private" });
  await settled();
  wire.socket.say({ reply: 2, error: { code: "chat.banned", message: "No." } }, { push: "standing", data: { sanctions: [] } });
  await assert.rejects(asked, { code: "chat.banned" });
  wire.socket.end(4100, "server.draining 700");
  assert.deepEqual(log, [
    '["info","state",{"status":"connecting"}]',
    '["debug","request",{"id":1,"op":"hello"}]',
    '["debug","reply",{"id":1}]',
    '["info","state",{"status":"open"}]',
    '["debug","request",{"id":2,"op":"message.send"}]',
    '["debug","reply",{"id":2,"code":"chat.banned"}]',
    '["debug","push",{"push":"standing"}]',
    `["warn","state",{"status":"waiting","retryAt":${wire.clock.time + 700},"told":true,"reason":"server.draining"}]`,
  ]);
});

test("delays are options", async () => {
  const delays = { minRetry: 10, maxRetry: 40, pingTimeout: 100, connectTimeout: 1_000 };
  const wire = new Wire({ delays });
  wire.clock.chance = 1;
  wire.plenary.connect();
  await settled();
  wire.clock.advance(1_000); // The hub does not answer.
  assert.equal(wire.wait, 20);
  for (const wait of [30, 40]) {
    wire.clock.advance(wire.wait);
    await settled();
    wire.socket.end();
    assert.equal(wire.wait, wait);
  }
  wire.clock.advance(wire.wait);
  await wire.greet();
  wire.clock.advance(30_100);
  assert.deepEqual(wire.plenary.state.status, "waiting");
});
