import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../src/index.js";
import { meet, until } from "./support/loopback.js";

const numbers = (channel: Channel) => channel.messages.map(({ seq }) => seq);

test("older pages are put before the list, with one's own reactions, and let go again", async (context) => {
  const { hub, plenary } = await meet(context, { window: 60 });
  hub.channel("hall").fill(160);
  const own: Record<string, string[]> = { "70": ["👍"] };
  hub.answer("channel.history", ({ channel, before, limit }) => {
    return { ...hub.channel(channel).history(before, limit), own_reactions: own };
  });
  await plenary.connect();
  const channel = await plenary.join("hall");
  assert.equal((await channel.history()).length, 100);
  assert.deepEqual(numbers(channel).slice(0, 2), [11, 12]);
  assert.deepEqual(channel.ownReactions(70), ["👍"]);
  assert.equal((await channel.history()).length, 10);
  assert.equal(channel.hasOlder, false);
  assert.deepEqual(await channel.history(), []);
  channel.trim();
  assert.equal(channel.messages.length, 60);
  assert.ok(channel.hasOlder);
});

test("an older page is asked for once, and left out when the list is another one by then", async (context) => {
  const { hub, plenary } = await meet(context);
  const model = hub.channel("hall");
  model.fill(200);
  let answer = () => {};
  hub.answer("channel.history", ({ before, limit }, peer) => {
    const page = model.history(before, limit);
    const { id } = peer.asked.at(-1)!;
    answer = () => peer.say({ reply: id, ok: page });
    return undefined;
  });
  await plenary.connect();
  const channel = await plenary.join("hall");
  const page = channel.history();
  assert.equal(channel.history(), page);
  await hub.until(() => hub.peer.of("channel.history").length === 1);
  model.fill(600);
  hub.peer.push("reset", { reason: "connection.slow" }, "hall");
  await until(channel, "reset", () => channel.state.head === 800);
  const late = channel.history();
  answer();
  assert.deepEqual(await page, []);
  assert.deepEqual(await late, []);
  assert.deepEqual(numbers(channel), numbers(channel).map((_, index) => 751 + index));
});

test("one's own reactions are asked for where there are any, and known when one reacts", async (context) => {
  const { hub, plenary } = await meet(context);
  const model = hub.channel("hall");
  model.fill(10);
  for (const seq of [2, 3]) model.messages[seq - 1]!.reactions = { "👍": 2 };
  hub.answer("channel.own_reactions", () => ({ own: { "3": ["👍"] } }));
  hub.answer("message.react", ({ seq, emoji, on }) => {
    const { changed } = hub.do("hall", () => model.change(seq, { reactions: on ? { [emoji]: 1 } : {} }));
    return { seq: changed };
  });
  await plenary.connect();
  const channel = await plenary.join("hall");
  await until(channel, "update", () => channel.ownReactions(3).length);
  assert.deepEqual(hub.peer.of("channel.own_reactions"), [{ channel: "hall", from: 2, to: 201 }]);
  assert.deepEqual(await channel.react(1, "🎉"), { seq: 11 });
  assert.deepEqual(channel.ownReactions(1), ["🎉"]);
  const [first] = channel.messages;
  assert.deepEqual(first && !first.pending && first.reactions, { "🎉": 1 });
  await channel.react(1, "🎉", false);
  assert.deepEqual(channel.ownReactions(1), []);
  hub.answer("message.react", () => ({ error: { code: "chat.too_many_reactions", message: "No." } }));
  await assert.rejects(channel.react(1, "👀"), { code: "chat.too_many_reactions" });
  assert.deepEqual(channel.ownReactions(1), []);
  model.fill(600);
  hub.peer.push("reset", { reason: "connection.slow" }, "hall");
  await until(channel, "reset", () => channel.state.head > 600);
  assert.deepEqual(channel.ownReactions(3), []);
});

test("what is pinned follows the changes, in the list or not", async (context) => {
  const { hub, plenary } = await meet(context);
  const model = hub.channel("hall");
  model.fill(80);
  model.change(1, { pinned_at: 5 });
  await plenary.connect();
  const channel = await plenary.join("hall");
  const pinned = () => channel.state.pinned.map(({ seq }) => seq);
  assert.deepEqual(pinned(), [1]);
  hub.do("hall", () => model.change(2, { pinned_at: 6 }));
  hub.do("hall", () => model.change(79, { pinned_at: 7 }));
  await until(channel, "update", () => pinned().length === 3);
  assert.deepEqual(pinned(), [1, 2, 79]);
  hub.do("hall", () => model.change(1, { pinned_at: undefined }));
  hub.do("hall", () => model.change(79, { deleted: "moderator" }));
  await until(channel, "update", () => pinned().length === 1);
  assert.deepEqual(pinned(), [2]);
});
