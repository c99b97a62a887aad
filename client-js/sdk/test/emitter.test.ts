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

test("a handler is called once, or until its signal is aborted", () => {
  const emitter = new Emitter<Events>();
  const heard: string[] = [];
  const stop = new AbortController();
  emitter.once("number", (number) => {
    emitter.emit("number", number + 1); // Not even from inside is it called again.
    heard.push(`once ${number}`);
  });
  emitter.once("number", (number) => heard.push(`never ${number}`))();
  emitter.on("number", (number) => heard.push(`on ${number}`), stop);
  emitter.emit("number", 1);
  stop.abort();
  emitter.on("number", (number) => heard.push(`late ${number}`), stop);
  emitter.emit("number", 3);
  assert.deepEqual(heard, ["on 2", "once 1", "on 1"]);
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

test("a handler that puts itself on again for once hears the next event, not this one again", () => {
  const emitter = new Emitter<Events>();
  const heard: number[] = [];
  const next = () =>
    emitter.once("number", (number) => {
      heard.push(number);
      if (heard.length < 100) next(); // Bounded, so that the fault fails instead of never ending.
    });
  next();
  emitter.emit("number", 1);
  emitter.emit("number", 2);
  assert.deepEqual(heard, [1, 2]);
});
