import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../src/index.js";
import { meet, meetIn, until } from "./support/loopback.js";
import { ada, bob } from "./support/model.js";

const numbers = (channel: Channel) => channel.messages.map(({ seq }) => seq);

/** Writes down what happens in a channel, by kind and number. */
function record(channel: Channel): string[] {
  const events: string[] = [];
  channel.on("message", ({ seq }) => events.push(`message ${seq}`));
  channel.on("change", ({ seq }) => events.push(`change ${seq}`));
  channel.on("reset", () => events.push("reset"));
  return events;
}

test("joining shows the newest messages and is told of what follows", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.channel("hall").fill(3);
  plenary.connect();
  const [channel, same] = await Promise.all([plenary.join("hall"), plenary.join("hall")]);
  assert.equal(same.messages, channel.messages);
  assert.deepEqual(numbers(channel), [1, 2, 3]);
  assert.equal(channel.status, "live");
  const events = record(channel);
  hub.do("hall", (model) => model.fill(2));
  await until(channel, "update", () => channel.state.head === 5);
  hub.do("hall", (model) => model.change(2, { text: "edited" }));
  await until(channel, "update", () => channel.state.head === 6);
  assert.deepEqual(events, ["message 4", "message 5", "change 2"]);
  assert.equal(channel.messages[1]?.text, "edited");
  assert.equal(channel.state.count, 5);
  assert.equal(hub.peer.of("channel.join").length, 1);
});

test("joining what is refused fails, and what is busy is tried again", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  let answers = [{ code: "server.busy", message: "Busy.", retry_after_ms: 500 }, { code: "not_found", message: "No." }];
  hub.answer("channel.join", () => ({ error: answers.shift()! }));
  plenary.connect();
  const joining = plenary.join("hall");
  await hub.until(() => hub.peers[0]?.of("channel.join").length === 1);
  // The answer is on its way; the retry is due half a second after it.
  plenary.request("ping", {}).then(() => clock.advance(500));
  await assert.rejects(joining, { code: "not_found" });
  assert.equal(hub.peer.of("channel.join").length, 2);
  answers = [{ code: "not_found", message: "Still not." }];
  await assert.rejects(plenary.join("hall"), { code: "not_found", message: "Still not." });
});

test("what was to be tried again is not when a new connection has done it", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  hub.answer("channel.join", () => ({ error: { code: "server.busy", message: "Busy.", retry_after_ms: 60_000 } }));
  await plenary.connect();
  plenary.join("hall").catch(() => {});
  await hub.until(() => hub.peer.of("channel.join").length);
  await plenary.request("ping", {});
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  hub.answer("channel.join", () => hub.channel("hall").join());
  clock.advance(20_000);
  await plenary.join("hall");
  clock.advance(60_000);
  await plenary.request("ping", {});
  assert.equal(hub.peer.of("channel.join").length, 1);
});

test("aborting leaves the channel, before it is joined and after", async (context) => {
  const { hub, plenary } = await meet(context);
  const earlier = new AbortController();
  const joining = plenary.join("hall", earlier);
  earlier.abort();
  await assert.rejects(joining, { name: "AbortError" });
  await plenary.connect();
  const later = new AbortController();
  const channel = await plenary.join("hall", later);
  later.abort();
  assert.equal(channel.status, "left");
  await hub.until(() => hub.peer.of("channel.leave").length === 1);
  await assert.rejects(plenary.join("hall", later), { name: "AbortError" });
  const again = await plenary.join("hall");
  channel.leave();
  assert.equal(again.status, "live");
});

test("a hole is repaired with one question, and nothing is told twice or out of order", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  const events = record(channel);
  const model = hub.channel("hall");
  let release = () => {};
  hub.answer("channel.catch_up", ({ after }, peer) => {
    const { id } = peer.asked.at(-1)!;
    release = () => peer.say({ reply: id, ok: model.catchUp(after) });
    return undefined;
  });
  model.fill(2); // Nobody is told of these two.
  hub.do("hall", () => model.fill(1));
  hub.do("hall", () => model.fill(1));
  await hub.until(() => hub.peer.of("channel.catch_up").length === 1);
  hub.do("hall", () => model.fill(1));
  release();
  await until(channel, "update", () => channel.state.head === 5);
  assert.deepEqual(events, ["message 1", "message 2", "message 3", "message 4", "message 5"]);
  assert.equal(hub.peer.of("channel.catch_up").length, 1);
});

test("a repair that fails is made by joining again", async (context) => {
  const { hub, plenary, channel, clock } = await meetIn(context, "hall");
  const model = hub.channel("hall");
  hub.answer("channel.catch_up", () => ({ error: { code: "server.storage", message: "No.", retry_after_ms: 2_000 } }));
  model.fill(2);
  hub.do("hall", () => model.fill(1));
  await hub.until(() => hub.peer.of("channel.catch_up").length === 1);
  await plenary.request("ping", {}); // The refusal was heard before this answer.
  clock.advance(2_000);
  await until(channel, "update", () => channel.state.head === 3);
  assert.deepEqual(hub.peer.of("channel.join").at(-1), { channel: "hall", after: 0, log: "log-0" });
});

test("what the hub dropped is asked for, and too much of it is a reset", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  const events = record(channel);
  hub.channel("hall").fill(3);
  hub.peer.push("reset", { reason: "connection.slow" }, "hall");
  await until(channel, "update", () => channel.status === "live" && channel.state.head === 3);
  assert.deepEqual(events, ["message 1", "message 2", "message 3"]);
  hub.channel("hall").fill(600);
  hub.peer.push("reset", { reason: "connection.slow" }, "hall");
  await until(channel, "update", () => channel.status === "live" && channel.state.head === 603);
  assert.equal(events.at(-1), "reset");
  assert.equal(events.length, 4);
  assert.equal(numbers(channel).length, 50);
  assert.ok(channel.hasOlder);
});

test("a channel that is taken away says why and is silent from then on", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  const removed: string[] = [];
  channel.on("removed", ({ code, message }) => removed.push(`${code}: ${message}`));
  plenary.on("removed", ({ channel, code }) => removed.push(`${channel} ${code}`));
  hub.peer.push("removed", { code: "moderation.banned", message: "You are banned." }, "hall");
  await until(channel, "update", () => channel.status === "removed");
  await until(plenary, "unread", () => removed.length === 2);
  assert.deepEqual(removed, ["moderation.banned: You are banned.", "hall moderation.banned"]);
  hub.do("hall", (model) => model.fill(1));
  await plenary.request("ping", {});
  assert.deepEqual(numbers(channel), []);
});

test("people, typing and the room's switches are told as they are now", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  const before = channel.state;
  hub.peer.push("tick", { people: 12, typing: { names: ["Ada", "Bob"], more: 1 } }, "hall");
  await until(channel, "tick", () => channel.state.people === 12);
  assert.deepEqual(channel.typingNow, { names: ["Bob"], more: 1 });
  hub.peer.push("tick", { people: 13, typing: { names: ["Ada", "Bob"], more: 0 } }, "hall");
  await until(channel, "tick", () => channel.state.people === 13);
  assert.deepEqual(channel.typingNow.names, ["Bob"]);
  hub.peer.push("reset", { reason: "connection.slow" }, "hall");
  await until(channel, "update", () => channel.status === "live" && !channel.typingNow.names.length);
  assert.deepEqual(channel.typingNow, { names: [], more: 0 });
  const rooms: string[] = [];
  plenary.on("room", ({ name, locked }) => rooms.push(`${name} ${locked}`));
  hub.peer.push("room", { room: "r", name: "Hall", slow_mode_seconds: 5, locked: true }, "hall");
  await until(channel, "update", () => channel.state.room_switches?.locked);
  assert.equal(channel.state.room_switches?.slow_mode_seconds, 5);
  assert.notEqual(channel.state, before);
  await until(plenary, "unread", () => rooms.length);
  assert.deepEqual(rooms, ["Hall true"]);
});

test("typing is said once in three seconds, and only where somebody hears it", async (context) => {
  const { hub, channel, clock, plenary } = await meetIn(context, "hall");
  for (let key = 0; key < 10; key++) channel.typing();
  clock.advance(2_999);
  channel.typing();
  await plenary.request("ping", {});
  assert.equal(hub.peer.of("channel.typing").length, 1);
  clock.advance(1);
  channel.typing();
  await plenary.request("ping", {});
  assert.equal(hub.peer.of("channel.typing").length, 2);
  channel.leave();
  clock.advance(3_000);
  channel.typing();
  await plenary.request("ping", {});
  assert.equal(hub.peer.of("channel.typing").length, 2);
});

test("edits, deletions, restorations and pins are asked for as they are meant", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  for (const op of ["message.edit", "message.delete", "message.restore", "message.pin"] as const) {
    hub.answer(op, () => ({ seq: 9 }));
  }
  hub.answer("channel.people", () => ({ people: [ada, bob], total: 2 }));
  await channel.edit(1, "new");
  await channel.delete(1);
  await channel.delete(2, "off topic");
  await channel.restore(2);
  await channel.pin(3);
  await channel.pin(3, false);
  assert.equal((await channel.people({ search: "b" })).total, 2);
  const asked = hub.peer.asked.slice(2).map(({ op, data }) => ({ op, ...data }));
  assert.deepEqual(asked, [
    { op: "message.edit", seq: 1, text: "new", channel: "hall" },
    { op: "message.delete", seq: 1, channel: "hall" },
    { op: "message.delete", seq: 2, reason: "off topic", channel: "hall" },
    { op: "message.restore", seq: 2, channel: "hall" },
    { op: "message.pin", seq: 3, on: true, channel: "hall" },
    { op: "message.pin", seq: 3, on: false, channel: "hall" },
    { op: "channel.people", search: "b", channel: "hall" },
  ]);
});
