import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../src/index.js";
import type { Refusal } from "../src/generated.js";
import { meetIn, until } from "./support/loopback.js";
import { ada, bob } from "./support/model.js";

const shown = (channel: Channel) => channel.messages.map(({ text, pending }) => `${text} ${pending ?? "settled"}`);

/** The refusals of the next sends; what follows them is accepted. */
function refuse(hub: Awaited<ReturnType<typeof meetIn>>["hub"], ...errors: Refusal[]): void {
  hub.answer("message.send", ({ channel, ...data }) => {
    const error = errors.shift();
    if (error) return { error };
    const message = hub.do(channel, (model) => model.send(ada, data));
    return { seq: message.seq, message };
  });
}

test("a message is shown at once, settles with its number and is told like any other", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  const told: string[] = [];
  channel.on("message", ({ text }) => told.push(text!));
  hub.do("hall", (model) => model.send(bob, { text: "Hi" }));
  const sent = channel.send("Hello Bob", { replyTo: 1, mentions: [bob.id] });
  assert.deepEqual(shown(channel), ["Hello Bob sending"]);
  const { seq, reply_to, mentions, client_id } = await sent;
  assert.deepEqual([seq, reply_to, mentions], [2, 1, [bob.id]]);
  assert.match(client_id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(shown(channel), ["Hi settled", "Hello Bob settled"]);
  assert.deepEqual(told, ["Hi", "Hello Bob"]);
});

test("until its push comes, an acknowledged message stays shown after the others", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  hub.answer("message.send", ({ channel, ...data }) => {
    const message = hub.channel(channel).send(ada, data);
    return { seq: message.seq, message };
  });
  assert.equal((await channel.send("Hello")).seq, 1);
  assert.deepEqual(shown(channel), ["Hello sending"]);
  hub.peer.push("messages", hub.channel("hall").push(0), "hall");
  await until(channel, "update", () => channel.messages[0]?.seq);
  assert.deepEqual(shown(channel), ["Hello settled"]);
});

test("what is acknowledged does not fail when the connection ends, nor is it sent again", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  hub.answer("message.send", ({ channel, ...data }) => {
    const message = hub.channel(channel).send(ada, data);
    return { seq: message.seq, message };
  });
  await channel.send("Hello");
  hub.peer.close(4200, "sign_in.ended");
  await until(plenary, "state", () => plenary.state.status === "closed");
  assert.deepEqual(shown(channel), ["Hello sending"]);
  await plenary.connect();
  await until(channel, "update", () => channel.status === "live");
  assert.deepEqual(shown(channel), ["Hello settled"]);
  assert.deepEqual(hub.peer.of("message.send"), []);
});

test("the same client id of somebody else settles nothing of one's own", async (context) => {
  const { hub, channel, clock } = await meetIn(context, "hall");
  hub.answer("message.send", () => undefined);
  clock.chance = 0;
  channel.send("Mine");
  const { client_id } = channel.messages[0]!;
  hub.do("hall", (model) => model.send(bob, { text: "Theirs", client_id }));
  await until(channel, "message", () => channel.messages.length > 1);
  assert.deepEqual(shown(channel), ["Theirs settled", "Mine sending"]);
});

test("messages are sent one after the other, in the order in which they were written", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  const texts = Array.from({ length: 20 }, (_, index) => `Message ${index}`);
  await Promise.all(texts.map((text) => channel.send(text)));
  assert.deepEqual(hub.channel("hall").messages.map(({ text }) => text), texts);
});

test("what the rate limit refuses is sent when it may be, and overtaken by nothing", async (context) => {
  const { hub, channel, clock, plenary } = await meetIn(context, "hall");
  refuse(hub, { code: "rate.limited", message: "Slow down.", retry_after_ms: 700 });
  const sent = Promise.all([channel.send("first"), channel.send("second")]);
  await hub.until(() => hub.peer.of("message.send").length === 1);
  await plenary.request("ping", {});
  clock.advance(699);
  await plenary.request("ping", {});
  assert.equal(hub.peer.of("message.send").length, 1);
  clock.advance(1);
  await sent;
  assert.deepEqual(shown(channel), ["first settled", "second settled"]);
});

test("a refused message keeps its text and its error, and can be sent again or discarded", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  refuse(
    hub,
    { code: "chat.slow_mode", message: "Wait.", retry_after_ms: 60_000 },
    { code: "chat.locked", message: "Locked." },
  );
  await assert.rejects(channel.send("first"), { code: "chat.slow_mode", retryAfter: 60_000 });
  await assert.rejects(channel.send("second"), { code: "chat.locked" });
  await channel.send("third");
  assert.deepEqual(shown(channel), ["third settled", "first failed", "second failed"]);
  const [, first, second] = channel.messages;
  assert.equal(first?.pending && first.error?.code, "chat.slow_mode");
  channel.discard(second!.client_id);
  const again = channel.retry(first!.client_id);
  assert.deepEqual(shown(channel), ["third settled", "first sending"]);
  assert.equal((await again).client_id, first!.client_id);
  assert.deepEqual(shown(channel), ["third settled", "first settled"]);
  await assert.rejects(channel.retry(first!.client_id), { code: "not_found" });
});

test("an unacknowledged message is sent again after a reconnect, and is there once", async (context) => {
  const { hub, channel, clock } = await meetIn(context, "hall");
  const told: string[] = [];
  channel.on("message", ({ text }) => told.push(text!));
  // The hub commits the first message and dies before anybody hears of it.
  hub.answer("message.send", ({ channel, ...data }, peer) => {
    hub.channel(channel).send(ada, data);
    refuse(hub);
    peer.close();
    return undefined;
  });
  const sent = [channel.send("first"), channel.send("second")];
  await until(channel, "update", () => channel.status === "joining");
  sent.push(channel.send("third"));
  assert.deepEqual(shown(channel), ["first sending", "second sending", "third sending"]);
  clock.advance(20_000);
  const messages = await Promise.all(sent);
  assert.deepEqual(messages.map(({ seq }) => seq), [1, 2, 3]);
  await until(channel, "update", () => channel.messages.length === 3 && !channel.messages[2]?.pending);
  assert.deepEqual(shown(channel), ["first settled", "second settled", "third settled"]);
  assert.deepEqual(told, ["first", "second", "third"]);
});

test("hello, the channels from their last numbers and what is unsent travel in one frame", async (context) => {
  const { hub, plenary, channel, clock } = await meetIn(context, "hall");
  await plenary.join("lobby");
  hub.do("hall", (model) => model.fill(3));
  await until(channel, "update", () => channel.state.head === 3);
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  channel.send("Hello").catch(() => {});
  clock.advance(20_000);
  await hub.until(() => hub.peers.length === 2 && hub.peer.frames.length);
  const asked = hub.peer.frames[0]!.split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(asked.map(({ op, data }) => [op, data.channel, data.after]), [
    ["hello", undefined, undefined],
    ["channel.join", "hall", 3],
    ["channel.join", "lobby", 0],
    ["message.send", "hall", undefined],
  ]);
});

test("what cannot be sent any more fails and keeps its text", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  hub.answer("message.send", () => undefined);
  const sent = [channel.send("first"), channel.send("second")];
  await hub.until(() => hub.peer.of("message.send").length);
  hub.peer.close(4202, "moderation.banned");
  for (const one of sent) await assert.rejects(one, { code: "moderation.banned" });
  assert.deepEqual(shown(channel), ["first failed", "second failed"]);
  refuse(hub);
  await plenary.connect();
  await channel.retry(channel.messages[0]!.client_id);
  assert.deepEqual(shown(channel), ["first settled", "second failed"]);
});

test("so many messages may be on their way; what is too much is said not to be taken", async (context) => {
  const { hub, channel, plenary } = await meetIn(context, "hall");
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  for (let index = 0; index < 100; index++) channel.send(`Message ${index}`).catch(() => {});
  await assert.rejects(channel.send("too much"), { code: "queue.full" });
  assert.equal(channel.messages.length, 100);
});

test("a message of a channel that was left still settles", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  const sent = channel.send("Bye");
  channel.leave();
  assert.equal((await sent).seq, 1);
  const again = await plenary.join("hall");
  assert.deepEqual(shown(again), ["Bye settled"]);
  assert.equal(hub.channel("hall").messages.length, 1);
});
