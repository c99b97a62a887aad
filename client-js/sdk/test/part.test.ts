// What calls will be: parts that follow the connection without the session knowing them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientPart } from "../src/index.js";
import { meet, until } from "./support/loopback.js";
import { ada } from "./support/model.js";

/** Writes down what it is told. */
class Recorder implements ClientPart {
  readonly told: string[] = [];
  constructor(readonly channel?: string) {}
  resume = () => this.told.push("resume");
  pushed: ClientPart["pushed"] = ({ push, channel }) => this.told.push(`${push} ${channel ?? ""}`.trim());
  changed: ClientPart["changed"] = ({ status }) => this.told.push(status);
}

test("a part is told of each connection, of its state, and of the pushes that are for it", async (context) => {
  const { hub, plenary, clock } = await meet(context);
  const [one, all] = [new Recorder("hall"), new Recorder()];
  const detach = plenary.attach(one);
  plenary.attach(all);
  await plenary.connect();
  hub.peer.push("roles", { roles: [], read_only: false });
  hub.peer.push("room", { room: "r", name: "Hall", slow_mode_seconds: 0, locked: false }, "hall");
  hub.peer.push("room", { room: "s", name: "Side", slow_mode_seconds: 0, locked: false }, "side");
  await plenary.request("ping", {});
  assert.deepEqual(one.told, ["connecting", "resume", "open", "room hall"]);
  assert.deepEqual(all.told, ["connecting", "resume", "open", "roles", "room hall", "room side"]);
  detach();
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  const { state } = plenary;
  clock.advance(state.status === "waiting" ? state.retryAt - clock.time : 0);
  await plenary.ready();
  assert.equal(one.told.length, 4);
  assert.deepEqual(all.told.slice(6), ["waiting", "connecting", "resume", "open"]);
});

test("a part that is attached while there is a connection resumes at once", async (context) => {
  const { plenary } = await meet(context);
  await plenary.connect();
  const part = new Recorder();
  plenary.attach(part);
  assert.deepEqual(part.told, ["resume"]);
});

test("any push can be listened to by its name, after it was applied, until the signal", async (context) => {
  const { hub, plenary } = await meet(context);
  await plenary.connect();
  const channel = await plenary.join("hall");
  const heard: string[] = [];
  const stop = new AbortController();
  plenary.onPush("messages", ({ seq }, id) => heard.push(`${id} ${seq}, known ${channel.state.head}`), stop);
  plenary.onPush("mention", ({ message }) => heard.push(message.text!));
  hub.do("hall", (model) => model.fill(1));
  hub.peer.push("mention", { message: hub.channel("x").send(ada, { text: "You" }) }, "x");
  await plenary.request("ping", {});
  stop.abort();
  hub.do("hall", (model) => model.fill(1));
  await plenary.request("ping", {});
  assert.deepEqual(heard, ["hall 1, known 1", "You"]);
});
