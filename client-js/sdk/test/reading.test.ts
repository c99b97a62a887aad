import assert from "node:assert/strict";
import { test } from "node:test";
import { meet, meetIn, until } from "./support/loopback.js";
import { ada, bob } from "./support/model.js";

test("what is unread counts up with every message of others, and one's own ends it", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  const counts: number[] = [];
  plenary.on("unread", ({ unread }) => counts.push(unread));
  hub.do("hall", (model) => model.fill(2));
  hub.do("hall", (model) => model.send(bob, { text: "Ada!", mentions: [ada.id] }));
  await until(channel, "update", () => channel.state.head === 3);
  assert.deepEqual(channel.state.read, { seq: 0, unread: 3, mentions: 1 });
  assert.deepEqual(plenary.unread.get("hall"), { channel: "hall", unread: 3, mentions: 1 });
  hub.do("hall", (model) => model.change(1, { text: "edited" }));
  await channel.send("Yes?");
  assert.deepEqual(channel.state.read, { seq: 5, unread: 0, mentions: 0 });
  assert.deepEqual(counts, [2, 3, 0]);
});

test("what is deleted is not unread, and an edit can mention", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  hub.do("hall", (model) => model.send(bob, { text: "Ada!", mentions: [ada.id] }));
  hub.do("hall", (model) => model.send(bob, { text: "Hello" }));
  await until(channel, "update", () => channel.state.head === 2);
  hub.do("hall", (model) => model.change(2, { text: "Hello, Ada", mentions: [ada.id] }));
  await until(channel, "update", () => channel.state.head === 3);
  assert.deepEqual(channel.state.read, { seq: 0, unread: 2, mentions: 2 });
  for (const seq of [1, 2]) hub.do("hall", (model) => model.change(seq, { deleted: "author", mentions: undefined }));
  await until(channel, "update", () => channel.state.head === 5);
  assert.deepEqual(channel.state.read, { seq: 0, unread: 0, mentions: 0 });
  assert.equal(plenary.unread.get("hall")?.unread, 0);
  hub.do("hall", (model) => model.change(1, { deleted: undefined, mentions: [ada.id] }));
  await until(channel, "update", () => channel.state.head === 6);
  assert.deepEqual(channel.state.read, { seq: 0, unread: 1, mentions: 1 });
});

test("reading is counted at once and reported once in two seconds", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  const model = hub.channel("hall");
  model.fill(4);
  model.send(bob, { text: "Ada!", mentions: [ada.id] });
  hub.hello = { unread: [{ channel: "hall", unread: 5, mentions: 1 }] };
  const counts: string[] = [];
  plenary.on("unread", ({ channel, unread, mentions }) => counts.push(`${channel} ${unread} ${mentions}`));
  await plenary.connect();
  const channel = await plenary.join("hall");
  for (const seq of [1, 2, 2, 1, 3]) channel.read(seq);
  channel.read();
  assert.deepEqual(counts, ["hall 5 1", "hall 4 1", "hall 3 1", "hall 2 1", "hall 0 0"]);
  await plenary.request("ping", {});
  assert.deepEqual(hub.peer.of("channel.read").map(({ seq }) => seq), [1]);
  clock.advance(2_000);
  await plenary.request("ping", {});
  assert.deepEqual(hub.peer.of("channel.read").map(({ seq }) => seq), [1, 5]);
  clock.advance(10_000);
  await plenary.request("ping", {});
  assert.equal(hub.peer.of("channel.read").length, 2);
});

test("reading in a handler of every update comes to an end", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  channel.on("update", () => {
    channel.read();
    channel.trim();
  });
  hub.do("hall", (model) => model.fill(3));
  await until(channel, "update", () => channel.state.read.seq === 3);
  assert.equal(channel.state.read.unread, 0);
});

test("what is read without a connection is reported with the next", async (context) => {
  const { hub, plenary, channel, clock } = await meetIn(context, "hall");
  hub.do("hall", (model) => model.fill(3));
  await until(channel, "update", () => channel.state.head === 3);
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  channel.read();
  clock.advance(20_000);
  await hub.until(() => hub.peer.of("channel.read").length);
  assert.equal(hub.channel("hall").readSeq, 3);
  assert.equal(channel.state.read.unread, 0);
});

test("reading on another device counts here, and channels not joined are counted by the hub", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  hub.do("hall", (model) => model.fill(3));
  await until(channel, "update", () => channel.state.read.unread === 3);
  hub.peer.push("unread", { seq: 3, unread: 5, mentions: 0 }, "hall"); // It may count what is still on its way.
  await plenary.request("ping", {});
  assert.equal(channel.state.read.unread, 3);
  hub.peer.push("unread", { seq: 3, unread: 1, mentions: 0 }, "hall");
  hub.peer.push("unread", { seq: 3, unread: 7, mentions: 2 }, "lobby");
  await until(plenary, "unread", () => plenary.unread.get("lobby"));
  assert.equal(channel.state.read.unread, 1);
  assert.deepEqual([...plenary.unread.values()].map(({ unread }) => unread), [1, 7]);
});

test("in a channel not joined each mention counts once, told with the count or after it", async (context) => {
  const { hub, plenary } = await meetIn(context, "hall");
  const lobby = hub.channel("lobby");
  for (const text of ["Ada!", "Ada?"]) lobby.send(bob, { text, mentions: [ada.id] });
  const [first, second] = lobby.messages;
  hub.peer.push("unread", { seq: 1, unread: 1, mentions: 1 }, "lobby");
  hub.peer.push("mention", { message: first! }, "lobby");
  hub.peer.push("mention", { message: second! }, "lobby");
  hub.peer.push("mention", { message: second! }, "lobby");
  await plenary.request("ping", {});
  assert.deepEqual(plenary.unread.get("lobby"), { channel: "lobby", seq: 2, unread: 2, mentions: 2 });
});

test("every hello counts anew", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  hub.hello = { unread: [{ channel: "hall", unread: 2, mentions: 0 }] };
  await plenary.connect();
  assert.equal(plenary.unread.get("hall")?.unread, 2);
  hub.hello = { unread: [{ channel: "lobby", unread: 1, mentions: 0 }] };
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  clock.advance(20_000);
  await until(plenary, "hello", () => plenary.unread.has("lobby"));
  assert.equal(plenary.unread.has("hall"), false);
});
