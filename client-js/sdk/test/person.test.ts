import assert from "node:assert/strict";
import { test } from "node:test";
import type { DirectSummary, Message, Sanction } from "../src/index.js";
import { meet, until } from "./support/loopback.js";
import { ada, bob, ChannelModel } from "./support/model.js";

function direct(channel: string, sent_at?: number): DirectSummary {
  const model = new ChannelModel(channel);
  const last: Message | undefined = sent_at === undefined ? undefined : { ...model.fill(1), sent_at };
  return { channel, people: [ada, bob], unread: last ? 1 : 0, ...(last && { last }) };
}

const sanction: Sanction = { id: "sanction-1", kind: "time_out", person: bob, reason: "Spam", created_at: 1 };

test("conversations are kept with the newest message first", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.hello = { directs: [direct("b", 20), direct("a", 10)] };
  hub.answer("direct.list", ({ cursor }) => {
    return cursor ? { directs: [direct("z", 4)] } : { directs: [direct("a", 5)], next: 5 };
  });
  hub.answer("direct.open", ({ people: [id = ""] }) => {
    return { direct: { ...direct("new"), people: [ada, { id, name: "Eve" }] } };
  });
  hub.answer("direct.hide", () => ({}));
  await plenary.connect();
  const { directs } = plenary;
  const channels = () => directs.list.map(({ channel }) => channel);
  assert.deepEqual(channels(), ["b", "a"]);
  const { next } = await directs.load();
  await directs.load(next);
  assert.deepEqual(channels(), ["b", "a", "z"]);
  assert.equal((await directs.open(["person-eve"])).people[1]?.id, "person-eve");
  const lists: number[] = [];
  directs.on("update", (list) => lists.push(list.length));
  hub.peer.push("direct", { direct: direct("new", 30) }, "new");
  await until(directs, "update", () => channels()[0] === "new");
  hub.peer.push("unread", { seq: 3, unread: 4, mentions: 0 }, "a");
  await until(directs, "update", () => directs.list.some(({ unread }) => unread === 4));
  assert.deepEqual(channels(), ["new", "b", "a", "z"]);
  await directs.hide("b");
  assert.deepEqual(channels(), ["new", "a", "z"]);
  assert.deepEqual(lists, [4, 4, 3]);
});

test("so many conversations are kept, the newest", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.hello = { directs: Array.from({ length: 600 }, (_, index) => direct(`${index}`, index + 1)) };
  await plenary.connect();
  assert.equal(plenary.directs.list.length, 500);
  assert.equal(plenary.directs.list[0]?.channel, "599");
});

test("a joined conversation's list entry follows what is read in it", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.hello = { directs: [direct("a", 10)] };
  hub.channel("a").fill(1);
  await plenary.connect();
  const channel = await plenary.join("a");
  channel.read();
  assert.equal(plenary.directs.list[0]?.unread, 0);

  // Told after it was read, as it may be by another node.
  hub.peer.push("direct", { direct: direct("a", 20) }, "a");
  await until(plenary.directs, "update", () => plenary.directs.list[0]?.last?.sent_at === 20);
  assert.equal(plenary.directs.list[0]?.unread, 0);
});

test("what one may do is known, and told when it changes", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  const server_time = clock.time + 500;
  hub.hello = { roles: [{ role: "speaker", room: "r" }], standing: [sanction], read_only: true, server_time };
  assert.deepEqual([plenary.person, plenary.roles, plenary.readOnly, plenary.standing], [undefined, [], false, []]);
  await plenary.connect();
  assert.deepEqual(plenary.person, ada);
  assert.deepEqual(plenary.roles, [{ role: "speaker", room: "r" }]);
  assert.ok(plenary.readOnly);
  assert.deepEqual(plenary.standing, [sanction]);
  assert.equal(plenary.limits?.message_length, 4_000);
  assert.equal(plenary.now(), clock.time + 500);
  const told: unknown[] = [];
  plenary.on("standing", (standing) => told.push(standing));
  plenary.on("roles", ({ roles, read_only }) => told.push([roles, read_only]));
  plenary.on("event", ({ version, what }) => told.push([version, what]));
  plenary.on("mention", ({ channel, message }) => told.push([channel, message.seq]));
  hub.peer.push("standing", { sanctions: [] });
  hub.peer.push("roles", { roles: [], read_only: false });
  hub.peer.push("event", { version: 2, what: ["agenda"], within_ms: 250 });
  hub.peer.push("mention", { message: hub.channel("hall").fill(1) }, "hall");
  await plenary.request("ping", {});
  assert.deepEqual(told, [[], [[], false], [2, ["agenda"]], ["hall", 1]]);
  assert.deepEqual([plenary.roles, plenary.readOnly, plenary.standing], [[], false, []]);
});

test("a sanction that ends by itself is over, and one is told", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  const short = { ...sanction, id: "short", expires_at: clock.time + 60_000 };
  hub.hello = { standing: [sanction, short], server_time: clock.time };
  await plenary.connect();
  const told: (readonly Sanction[])[] = [];
  plenary.on("standing", (standing) => told.push(standing));
  clock.advance(59_999);
  assert.deepEqual(told, []);
  clock.advance(1);
  assert.deepEqual(told, [[sanction]]);
  assert.deepEqual(plenary.standing, [sanction]);
});

test("moderators' orders and blocks are asked for as they are meant", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.answer("moderation.time_out", () => ({ sanction }));
  hub.answer("moderation.ban", () => ({ sanction: { ...sanction, kind: "ban" } }));
  hub.answer("moderation.delete_recent", () => ({ deleted: 3, messages: [1, 2, 3], more: false }));
  hub.answer("moderation.restore", () => ({ restored: 3 }));
  hub.answer("moderation.history", () => ({ person: bob, may_moderate: true, former_names: [], sanctions: [] }));
  hub.answer("moderation.sanctions", () => ({ sanctions: [sanction], next: "2" }));
  hub.answer("person.block", () => ({}));
  hub.answer("person.unblock", () => ({}));
  for (const op of ["moderation.lift", "moderation.slow_mode", "moderation.lock"] as const) hub.answer(op, () => ({}));
  hub.answer("person.blocks", () => ({ people: [bob] }));
  await plenary.connect();
  const { moderation } = plenary;
  assert.equal((await moderation.timeOut({ person: bob.id, room: "r", seconds: 60, reason: "Spam" })).id, "sanction-1");
  assert.equal((await moderation.ban({ person: bob.id, reason: "Spam" })).kind, "ban");
  assert.equal((await moderation.sanctions({ room: "r" })).next, "2");
  assert.equal((await moderation.deleteRecent({ channel: "hall", person: bob.id, minutes: 5 })).deleted, 3);
  assert.ok((await moderation.history({ person: bob.id })).may_moderate);
  await moderation.lift("sanction-1");
  await moderation.slowMode("r", 30);
  await moderation.lock("r");
  await moderation.lock("r", false);
  await plenary.block(bob.id);
  await plenary.unblock(bob.id);
  assert.deepEqual(await plenary.blocks(), [bob]);
  assert.deepEqual(hub.peer.asked.slice(1).map(({ op, data }) => [op, data]), [
    ["moderation.time_out", { person: bob.id, room: "r", seconds: 60, reason: "Spam" }],
    ["moderation.ban", { person: bob.id, reason: "Spam" }],
    ["moderation.sanctions", { room: "r" }],
    ["moderation.delete_recent", { channel: "hall", person: bob.id, minutes: 5 }],
    ["moderation.history", { person: bob.id }],
    ["moderation.lift", { sanction: "sanction-1" }],
    ["moderation.slow_mode", { room: "r", seconds: 30 }],
    ["moderation.lock", { room: "r", locked: true }],
    ["moderation.lock", { room: "r", locked: false }],
    ["person.block", { person: bob.id }],
    ["person.unblock", { person: bob.id }],
    ["person.blocks", {}],
  ]);
});
