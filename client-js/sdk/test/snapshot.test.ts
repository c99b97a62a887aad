// What is rendered: snapshots that never change, and are the same object until anything is different.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelSnapshot, PlenarySnapshot } from "../src/index.js";
import { meet, meetIn, until } from "./support/loopback.js";
import { ada } from "./support/model.js";

test("a channel's snapshot stays as it was, and there is another one when anything is different", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  const before = channel.snapshot;
  const copy = structuredClone(before);
  assert.equal(channel.snapshot, before);
  assert.ok(Object.isFrozen(before));
  hub.do("hall", (model) => model.fill(1));
  hub.peer.push("tick", { people: 12, typing: { names: ["Bob"], more: 0 } }, "hall");
  hub.peer.push("room", { room: "r", name: "Hall", slow_mode_seconds: 5, locked: true }, "hall");
  hub.answer("message.react", () => ({ seq: 2 }));
  await channel.react(1, "👍");
  await plenary.request("ping", {});
  const after = channel.snapshot;
  assert.deepEqual(before, copy);
  assert.equal(after.messages.length, 1);
  assert.deepEqual([after.state.people, after.state.room_switches?.locked, after.typingNow.names], [12, true, ["Bob"]]);
  assert.deepEqual(after.ownReactions.get(1), ["👍"]);
});

test("the totals of a channel are part of its snapshot, kind by kind, and begin anew when it is joined again", async (context) => {
  const { hub, plenary, channel } = await meetIn(context, "hall");
  const before = channel.snapshot;
  assert.deepEqual(channel.totals, {});
  hub.peer.push("totals", { totals: { signatures: 3, votes: { yes: 2 } } }, "hall");
  hub.peer.push("totals", { totals: { signatures: 4 } }, "hall");
  hub.peer.push("totals", { totals: { signatures: 7 } }, "elsewhere");
  await plenary.request("ping", {});
  assert.deepEqual(channel.totals, { signatures: 4, votes: { yes: 2 } });
  assert.equal(channel.snapshot.totals, channel.totals);
  assert.deepEqual(before.totals, {});
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  assert.equal(channel.totals["signatures"], 4, "what was known is shown until there is a connection");
  // The hub tells all kinds to whoever joins, even before it answers.
  hub.answer("channel.join", ({ channel: id }, peer) => {
    peer.push("totals", { totals: { signatures: 5 } }, id);
    return hub.channel(id).join(undefined);
  });
  await plenary.connect();
  await until(channel, "update", () => channel.status === "live");
  assert.deepEqual(channel.totals, { signatures: 5 });
});

test("a subscriber is given the snapshot now, at each change, and not after it has ended", async (context) => {
  const { hub, channel } = await meetIn(context, "hall");
  const given: ChannelSnapshot[] = [];
  const { subscribe } = channel; // As React is given it, without its object.
  const end = subscribe((snapshot) => given.push(snapshot));
  assert.deepEqual(given, [channel.snapshot]);
  hub.do("hall", (model) => model.fill(1));
  await until(channel, "update", () => channel.messages.length);
  assert.equal(given.at(-1), channel.snapshot);
  end();
  const count = given.length;
  channel.leave();
  assert.equal(given.length, count);
  assert.equal(channel.snapshot.status, "left");
});

test("who one is, the connection and what is unread have a snapshot, too", async (context) => {
  const { hub, plenary } = await meet(context);
  hub.hello = { unread: [{ channel: "a", unread: 2, mentions: 0 }] };
  const given: PlenarySnapshot[] = [];
  plenary.subscribe((snapshot) => given.push(snapshot));
  assert.deepEqual([given[0]?.state.status, given[0]?.person, given[0]?.roles], ["idle", undefined, []]);
  await plenary.connect();
  const before = plenary.snapshot;
  const copy = structuredClone(before);
  assert.deepEqual([before.state.status, before.person, before.unread.get("a")?.unread], ["open", ada, 2]);
  hub.peer.push("roles", { roles: [{ role: "organizer" }], read_only: true });
  hub.peer.push("unread", { seq: 3, unread: 4, mentions: 1 }, "a");
  hub.peer.push("standing", { sanctions: [] });
  await until(plenary, "update", () => plenary.unread.get("a")?.unread === 4);
  assert.deepEqual(before, copy);
  const { roles, readOnly } = plenary.snapshot;
  assert.deepEqual([roles, readOnly], [[{ role: "organizer" }], true]);
  assert.equal(plenary.snapshot, plenary.snapshot);
});

test("conversations are a snapshot", async (context) => {
  const { hub, plenary } = await meet(context);
  const lists: number[] = [];
  const end = plenary.directs.subscribe((list) => lists.push(list.length));
  await plenary.connect();
  hub.peer.push("direct", { direct: { channel: "d", people: [ada], unread: 0 } }, "d");
  await until(plenary.directs, "update", () => plenary.directs.list.length);
  assert.equal(plenary.directs.snapshot, plenary.directs.list);
  assert.deepEqual([lists[0], lists.at(-1)], [0, 1]);
  end();
});
