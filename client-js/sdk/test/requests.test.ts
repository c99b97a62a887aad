import assert from "node:assert/strict";
import { test } from "node:test";
import { PlenaryError } from "../src/index.js";
import { Requests } from "../src/requests.js";
import { settled, Wire } from "./support/wire.js";

/** Requests with an open socket, and the frames that they send. */
function open(): { requests: Requests; frames: string[] } {
  const frames: string[] = [];
  const requests = new Requests((frame) => frames.push(frame), () => {});
  requests.sending = true;
  return { requests, frames };
}

const lines = (frame: string) => frame.split("\n").map((line) => JSON.parse(line) as { id: number; op: string });

test("what is asked in one turn travels in one frame, and every answer finds its question", async () => {
  const { requests, frames } = open();
  const asked = [requests.ask("person.block", { person: "a" }), requests.ask("person.blocks", {})];
  await settled();
  assert.equal(frames.length, 1);
  const [first, second] = lines(frames[0]!);
  assert.deepEqual([first?.op, second?.op], ["person.block", "person.blocks"]);
  requests.answer({ reply: second!.id, ok: { people: [] } });
  requests.answer({ reply: first!.id, ok: {} });
  assert.deepEqual(await Promise.all(asked), [{}, { people: [] }]);
});

test("a refusal is a PlenaryError with what the hub said", async () => {
  const { requests } = open();
  const asked = requests.ask("ping", {});
  const refusal = { code: "rate.limited", message: "Slow down.", retry_after_ms: 300, field: "text" };
  requests.answer({ reply: 1, error: refusal });
  await assert.rejects(asked, (error: PlenaryError) => {
    assert.ok(error instanceof PlenaryError && error instanceof Error);
    const { code, message, retryAfter, field } = error;
    assert.deepEqual([code, message, retryAfter, field], ["rate.limited", "Slow down.", 300, "text"]);
    return true;
  });
});

test("what waits for an answer when the connection is lost fails, and so does what is asked then", async () => {
  const wire = new Wire();
  await assert.rejects(wire.plenary.request("ping", {}), { code: "connection.lost" });
  wire.plenary.connect();
  const early = wire.plenary.blocks();
  await wire.greet();
  assert.deepEqual(wire.socket.asked.map(({ op }) => op), ["hello", "person.blocks"]);
  wire.socket.end();
  await assert.rejects(early, { code: "connection.lost" });
  await assert.rejects(wire.plenary.blocks(), { code: "connection.lost" });
});

test("only so many requests may wait", async () => {
  const { requests } = open();
  const asked = Array.from({ length: 256 }, () => requests.ask("ping", {}));
  await assert.rejects(requests.ask("ping", {}), { code: "queue.full", retryAfter: 1_000 });
  requests.answer({ reply: 1, ok: { server_time: 0 } });
  await asked[0];
  const one = requests.ask("ping", {});
  requests.end();
  await assert.rejects(one, { code: "connection.lost" });
  for (const other of asked.slice(1)) await assert.rejects(other, { code: "connection.lost" });
  const next = requests.ask("ping", {});
  requests.end();
  await assert.rejects(next, { code: "connection.lost" });
});

test("what no frame can hold is not sent", async () => {
  const { requests, frames } = open();
  await assert.rejects(requests.ask("person.block", { person: "x".repeat(30_000) }), { code: "request.too_large" });
  await settled();
  assert.deepEqual(frames, []);
});

test("many requests travel in frames of which each is small enough", async () => {
  const { requests, frames } = open();
  for (let turn = 0; turn < 130; turn++) requests.ask("ping", {}).catch(() => {});
  await settled();
  assert.deepEqual(frames.map((frame) => lines(frame).length), [100, 30]);
  for (let turn = 0; turn < 9; turn++) requests.ask("person.block", { person: "€".repeat(4_000) }).catch(() => {});
  await settled();
  assert.equal(frames.slice(2).flatMap(lines).length, 9);
  for (const frame of frames) assert.ok(new TextEncoder().encode(frame).length <= 65_536);
});

test("giving up fails with the signal's reason; the answer that still comes is dropped", async () => {
  const { requests, frames } = open();
  const give = new AbortController();
  const asked = requests.ask("ping", {}, give.signal);
  await settled();
  give.abort(new Error("enough"));
  await assert.rejects(asked, /enough/);
  await assert.rejects(requests.ask("ping", {}, give.signal), /enough/);
  requests.answer({ reply: 1, ok: { server_time: 0 } });
  requests.answer({ reply: 77, ok: {} });
  requests.answer({ reply: null, error: { code: "request.malformed", message: "What?" } });
  assert.equal(frames.length, 1);
});

test("an answered request listens to its signal no more", async (context) => {
  const { requests } = open();
  const { signal } = new AbortController();
  const off = context.mock.method(signal, "removeEventListener");
  const on = context.mock.method(signal, "addEventListener");
  const asked = requests.ask("ping", {}, signal);
  requests.answer({ reply: 1, ok: { server_time: 0 } });
  await asked;
  assert.deepEqual(off.mock.calls[0]?.arguments, on.mock.calls[0]?.arguments);
});
