// What a page has and Node does not, given to it by the test.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Plenary } from "../../src/index.js";
import { systemRuntime } from "../../src/runtime.js";
import { memorySockets } from "../support/memory.js";
import { settled } from "../support/wire.js";

/** Gives the test the parts of a page that Node does not have. */
function page(context: TestContext) {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { hidden: false });
  const addEventListener = window.addEventListener.bind(window);
  Object.assign(globalThis, { document, addEventListener });
  context.after(() => {
    Reflect.deleteProperty(globalThis, "document");
    Reflect.deleteProperty(globalThis, "addEventListener");
  });
  return { window, document };
}

test("the network and the page coming back wake, the page going does not", (context) => {
  const { window, document } = page(context);
  let woken = 0;
  const stop = systemRuntime.onWake(() => woken++);
  window.dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(woken, 2);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  stop();
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("online"));
  assert.equal(woken, 2);
});

test("without a page nothing wakes, and nothing breaks", () => {
  systemRuntime.onWake(() => {})();
});

test("time passes and can be stopped", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 5 });
  const run: number[] = [];
  // Bound when the module was loaded, as it is in a page.
  systemRuntime.after(10, () => run.push(10));
  systemRuntime.after(20, () => run.push(20))();
  context.mock.timers.tick(30);
  assert.deepEqual(run, [10]);
  assert.ok(systemRuntime.now() > 0);
});

test("a page that the hub serves needs no address", async (context) => {
  Object.assign(globalThis, { location: { href: "https://camp.example/e/camp?day=2" } });
  context.after(() => Reflect.deleteProperty(globalThis, "location"));
  const { WebSocket, sockets } = memorySockets();
  const plenary = new Plenary({ event: "camp", WebSocket });
  plenary.connect();
  await settled();
  assert.equal(sockets[0]?.url, "wss://camp.example/ws");
  plenary.close();
});
