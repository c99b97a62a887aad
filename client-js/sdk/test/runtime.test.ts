import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRuntime, uuid } from "../src/runtime.js";

test("identifiers are random UUIDs of version 4", () => {
  const made = Array.from({ length: 1_000 }, () => uuid(systemRuntime.random));
  assert.equal(new Set(made).size, 1_000);
  for (const one of made) assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a delay longer than a timer can count is as long as it can, not none", (context) => {
  const { mock } = context.mock.method(globalThis, "setTimeout");
  for (const delay of [1_000, 2 ** 31, 99_999_999_999, Infinity]) systemRuntime.after(delay, () => {})();
  assert.deepEqual(mock.calls.map(({ arguments: [, delay] }) => delay), [1_000, 2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1]);
});
