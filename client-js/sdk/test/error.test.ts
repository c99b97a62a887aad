import assert from "node:assert/strict";
import { test } from "node:test";
import { fromProblem, fromWire } from "../src/error.js";

test("a refusal over the socket keeps everything that the hub said", () => {
  const error = fromWire({ code: "chat.timed_out", message: "Wait.", field: "text", until: 9, retry_after_ms: 5 });
  const { code, message, field, errors, until, retryAfter, status } = error;
  assert.deepEqual(
    { code, message, field, errors, until, retryAfter, status },
    { code: "chat.timed_out", message: "Wait.", field: "text", errors: [], until: 9, retryAfter: 5, status: undefined },
  );
});

test("a refusal over REST is the same class, with its status and every field", () => {
  const errors = [
    { field: "name", message: "Too long." },
    { field: "name", message: "Taken." },
    { row: "3", message: "Empty." },
  ];
  const error = fromProblem(422, { code: "invalid", title: "No", detail: "Please check.", field: "mail", errors, retry_after_ms: 7 });
  assert.equal(error.message, "Please check.");
  assert.equal(error.status, 422);
  assert.equal(error.retryAfter, 7);
  assert.deepEqual(error.errors, errors);
  assert.deepEqual(error.fields, { name: "Too long.", mail: "Please check." });
});

test("an answer that is not the hub's has its status as its code and no sentence", () => {
  const error = fromProblem(502, {});
  assert.deepEqual([error.code, error.message, error.status], ["http.502", "", 502]);
});
