// Several callers in one channel: each has a hold of its own, and the channel is left with the last one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { meet, until } from "./support/loopback.js";

test("one caller's leave does not leave for the others, and silences only its own handlers", async (context) => {
  const { hub, plenary } = await meet(context);
  await plenary.connect();
  const [one, other] = await Promise.all([plenary.join("hall"), plenary.join("hall")]);
  const heard: string[] = [];
  one.on("message", ({ seq }) => heard.push(`one ${seq}`));
  other.on("message", ({ seq }) => heard.push(`other ${seq}`));
  one.leave();
  one.leave();
  hub.do("hall", (model) => model.fill(1));
  await until(other, "update", () => other.state.head === 1);
  assert.deepEqual(heard, ["other 1"]);
  assert.deepEqual([one.status, one.messages.length, other.status, other.messages.length], ["left", 0, "live", 1]);
  await plenary.request("ping", {});
  assert.deepEqual(hub.peer.of("channel.leave"), []);
  other.leave();
  await hub.until(() => hub.peer.of("channel.leave").length === 1);
  assert.equal(hub.peer.of("channel.join").length, 1);
});

test("one caller's abort does not keep another from joining", async (context) => {
  const { plenary } = await meet(context);
  const stop = new AbortController();
  const given = plenary.join("hall", stop);
  const kept = plenary.join("hall");
  stop.abort(new Error("not any more"));
  await assert.rejects(given, /not any more/);
  await plenary.connect();
  assert.equal((await kept).status, "live");
});

test("one caller that gives up an older page does not take it from another", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.channel("hall").fill(60);
  await plenary.connect();
  const [one, other] = await Promise.all([plenary.join("hall"), plenary.join("hall")]);
  const stop = new AbortController();
  const given = one.history(stop);
  const page = other.history();
  stop.abort();
  await assert.rejects(given, { name: "AbortError" });
  assert.equal((await page).length, 10);
  assert.equal(hub.peer.of("channel.history").length, 1);
});

test("a channel that is taken away is taken from everybody, and can be joined anew", async (context) => {
  const { hub, plenary } = await meet(context);
  await plenary.connect();
  const holds = await Promise.all([plenary.join("hall"), plenary.join("hall")]);
  const codes: string[] = [];
  for (const hold of holds) hold.on("removed", ({ code }) => codes.push(code));
  hub.peer.push("removed", { code: "chat.banned", message: "You are banned." }, "hall");
  await until(plenary, "removed", () => codes.length === 2);
  assert.deepEqual(holds.map(({ status }) => status), ["removed", "removed"]);
  holds[0]!.leave();
  assert.equal(holds[0]!.status, "removed");
  assert.equal((await plenary.join("hall")).status, "live");
});

test("an older page given up before it is asked for fails for its caller alone", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.channel("hall").fill(60);
  await plenary.connect();
  const hall = await plenary.join("hall");
  plenary.close();
  // Asking fails, too: that must be nobody's unhandled rejection.
  await assert.rejects(hall.history({ signal: AbortSignal.abort() }), { name: "AbortError" });
  await new Promise((resolve) => setTimeout(resolve, 0));
});

test("a hold that has ended listens to its signal no more, however it ended", async (context) => {
  const { hub, plenary } = await meet(context);
  const { signal } = new AbortController();
  let listening = 0;
  const { addEventListener, removeEventListener } = signal;
  context.mock.method(signal, "addEventListener", (...on: [string, () => void]) => {
    listening++;
    addEventListener.apply(signal, on);
  });
  const removed = new Set<unknown>();
  context.mock.method(signal, "removeEventListener", (...off: [string, () => void]) => {
    if (!removed.has(off[1])) listening--;
    removed.add(off[1]);
    removeEventListener.apply(signal, off);
  });
  await plenary.connect();
  hub.answer("channel.join", () => ({ error: { code: "chat.banned", message: "No." } }));
  for (let turn = 0; turn < 3; turn++) await assert.rejects(plenary.join("closed", { signal }), { code: "chat.banned" });
  assert.equal(listening, 0, "refused");
  hub.answer("channel.join", ({ channel }) => hub.channel(channel).join(undefined));
  const hall = await plenary.join("hall", { signal });
  assert.equal(listening, 1);
  hub.peer.push("removed", { code: "chat.banned", message: "You are banned." }, "hall");
  await until(plenary, "removed", () => hall.status === "removed");
  assert.equal(listening, 0, "removed");
  (await plenary.join("hall", { signal })).leave();
  assert.equal(listening, 0, "left");
});
