import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRuntime, uuid } from "../src/runtime.js";

test("identifiers are random UUIDs of version 4", () => {
  const made = Array.from({ length: 1_000 }, () => uuid(systemRuntime.random));
  assert.equal(new Set(made).size, 1_000);
  for (const one of made) assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
