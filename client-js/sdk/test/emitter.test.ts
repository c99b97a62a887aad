import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../src/emitter.js";

interface Events {
  number: number;
}

test("a handler is called until it is taken off, once for each time it was put on", () => {
  const emitter = new Emitter<Events>();
  const heard: number[] = [];
  const handler = (number: number) => heard.push(number);
  const off = emitter.on("number", handler);
  const offToo = emitter.on("number", handler);
  emitter.emit("number", 1);
  off();
  off();
  emitter.emit("number", 2);
  offToo();
  emitter.emit("number", 3);
  assert.deepEqual(heard, [1, 1, 2]);
});

test("a handler's mistake reaches its author, and the other handlers are called", (context) => {
  const later = context.mock.method(globalThis, "queueMicrotask", () => {});
  const emitter = new Emitter<Events>();
  const heard: number[] = [];
  emitter.on("number", () => {
    throw new Error("mistake");
  });
  emitter.on("number", (number) => heard.push(number));
  emitter.emit("number", 1);
  assert.deepEqual(heard, [1]);
  const [thrown] = later.mock.calls[0]!.arguments as unknown as [() => void];
  assert.throws(thrown, /mistake/);
});
