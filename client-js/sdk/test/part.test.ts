// What calls will be: parts that follow the connection without the session knowing them.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
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

/** Keeps the mistakes that reach their author, which would end the test; called after `meet`, which closes first. */
function withoutMistakes(context: TestContext): unknown[] {
  const mistakes: unknown[] = [];
  const run = (task: () => void) => {
    try {
      task();
    } catch (mistake) {
      mistakes.push(mistake);
    }
  };
  context.mock.method(globalThis, "queueMicrotask", (task: () => void) => void Promise.resolve(task).then(run));
  return mistakes;
}

test("a part's mistake reaches its author, and takes nothing from the other parts and the rest of the frame", async (context) => {
  const { hub, plenary } = await meet(context);
  const mistakes = withoutMistakes(context);
  const fail = () => {
    throw new Error("mistake");
  };
  plenary.attach({ resume: fail, pushed: fail, changed: fail });
  const part = new Recorder();
  plenary.attach(part);
  await plenary.connect();
  const channel = await plenary.join("hall");
  const sent = channel.send("Hello");
  hub.peer.say(
    { push: "room", channel: "x", data: { room: "r", name: "Hall", slow_mode_seconds: 0, locked: false } },
    { push: "roles", data: { roles: [], read_only: true } },
  );
  await sent;
  assert.deepEqual(part.told.slice(0, 5), ["connecting", "resume", "open", "room x", "roles"]);
  assert.equal(plenary.readOnly, true);
  assert.ok(mistakes.length >= 5);
});

test("a part that fails to resume does not keep what was written from being sent", async (context) => {
  const { hub, plenary } = await meet(context);
  await plenary.connect();
  const channel = await plenary.join("hall");
  withoutMistakes(context);
  let failing = false;
  const resume = () => {
    if (failing) throw new Error("mistake");
  };
  plenary.attach({ resume, pushed() {}, changed() {} });
  failing = true;
  hub.peer.close();
  await until(plenary, "state", () => plenary.state.status === "waiting");
  const sent = channel.send("Written meanwhile");
  plenary.connect();
  assert.equal((await sent).text, "Written meanwhile");
});

test("a log's mistake takes nothing either", async (context) => {
  const log = () => {
    throw new Error("mistake");
  };
  const { plenary } = await meet(context, { log });
  withoutMistakes(context);
  await plenary.connect();
  assert.equal((await plenary.join("hall")).status, "live");
});
