import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { systemRuntime, uuid } from "../src/runtime.js";

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

test("identifiers are random UUIDs of version 4", () => {
  const made = Array.from({ length: 1_000 }, () => uuid(systemRuntime.random));
  assert.equal(new Set(made).size, 1_000);
  for (const one of made) assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
