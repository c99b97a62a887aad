import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, isFinal, toldDelay } from "../src/backoff.js";
import { defaultDelays } from "../src/options.js";

test("the range to wait in doubles from 1 second and ends at 20", () => {
  const longest = Array.from({ length: 8 }, (_, attempt) => backoff(attempt, () => 1, defaultDelays));
  assert.deepEqual(longest, [1_000, 1_500, 2_500, 4_500, 8_500, 16_500, 20_000, 20_000]);
  assert.equal(backoff(0, () => 0.33333, defaultDelays), 667);
  for (let attempt = 0; attempt < 100; attempt++) assert.equal(backoff(attempt, () => 0, defaultDelays), 500);
});

test("only 4200 to 4299 are final", () => {
  const final = [1000, 1006, 4000, 4199, 4200, 4299, 4300].filter(isFinal);
  assert.deepEqual(final, [4200, 4299]);
});

test("the delay is read from the reason, else taken as announced", () => {
  assert.equal(toldDelay("server.draining 2500"), 2_500);
  assert.equal(toldDelay("server.draining 2500", 9_000), 2_500);
  assert.equal(toldDelay("server.draining 0", 9_000), 0);
  assert.equal(toldDelay("", 9_000), 9_000);
  for (const reason of ["", "server.restarted", "server.full soon", "server.full -5"]) {
    assert.equal(toldDelay(reason), undefined);
    assert.equal(toldDelay(reason, null), undefined);
  }
});
