// The hub was restored from a backup: its numbers are given once more, for other messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { meet, meetIn, until } from "./support/loopback.js";
import { ada, bob } from "./support/model.js";

const texts = (messages: readonly { text?: string | null }[]) => messages.map(({ text }) => text);

test("after a restore a client starts again, though the hub has come to its number again", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  const model = hub.channel("hall");
  model.fill(100);
  model.read(100);
  await plenary.connect();
  const channel = await plenary.join("hall");
  const backup = model.backup();
  hub.do("hall", () => model.fill(20));
  await until(channel, "update", () => channel.state.head === 120);
  channel.read();
  await hub.until(() => model.readSeq === 120);

  let resets = 0;
  channel.on("reset", () => resets++);
  hub.restore(backup);
  model.fill(20);
  await until(plenary, "state", () => plenary.state.status === "waiting");
  clock.advance(20_000);
  await until(channel, "update", () => channel.status === "live");
  assert.deepEqual(hub.peer.of("channel.join"), [{ channel: "hall", after: 120, log: "log-0" }]);
  assert.equal(resets, 1);
  assert.deepEqual(texts(channel.messages), texts(model.messages.slice(-50)));
  assert.deepEqual(channel.state.read, { seq: 100, unread: 20, mentions: 0 });
  assert.equal(plenary.unread.get("hall")?.unread, 20);
  clock.advance(2_000);
  await plenary.request("ping", {});
  assert.equal(model.readSeq, 100, "what was read in the other log is not read here");

  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  clock.advance(20_000);
  await until(channel, "update", () => channel.status === "live");
  assert.deepEqual(hub.peer.of("channel.join"), [{ channel: "hall", after: 120, log: "log-1" }]);
  assert.equal(resets, 1, "only once");
});

test("what was not sent before a restore is sent after it, and what it took back is gone", async (context) => {
  const { hub, plenary, channel, clock } = await meetIn(context, "hall");
  const model = hub.channel("hall");
  hub.do("hall", () => model.fill(3));
  await until(channel, "update", () => channel.state.head === 3);
  const backup = model.backup();
  model.fill(3);
  // Acknowledged, but pushes never come: the first is shown as being on its way.
  const answers = [() => ({ seq: 7, message: model.send(ada, { text: "taken back" }) }), () => undefined];
  hub.answer("message.send", () => answers.shift()!());
  await channel.send("taken back");
  const later = channel.send("not yet answered");
  await hub.until(() => hub.peer.of("message.send").length === 2);

  hub.restore(backup);
  hub.do("hall", () => model.send(bob, { text: "in its place" }));
  hub.answer("message.send", ({ channel: id, ...data }) => {
    const message = hub.do(id, () => model.send(ada, data));
    return { seq: message.seq, message };
  });
  await until(plenary, "state", () => plenary.state.status === "waiting");
  clock.advance(20_000);
  assert.equal((await later).seq, 5);
  await until(channel, "update", () => channel.state?.head === 5);
  assert.deepEqual(texts(channel.messages).slice(3), ["in its place", "not yet answered"]);
});
