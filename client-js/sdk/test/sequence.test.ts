import assert from "node:assert/strict";
import { test } from "node:test";
import { Sequence } from "../src/sequence.js";
import { bob, ChannelModel } from "./support/model.js";

/** A channel with `count` messages, and a sequence that has joined it. */
function joined(count: number, window = 500): { model: ChannelModel; sequence: Sequence } {
  const model = new ChannelModel("hall");
  if (count) model.fill(count);
  const sequence = new Sequence(window);
  sequence.joined(model.join(sequence.joining()), undefined);
  return { model, sequence };
}

const numbers = (messages: { seq: number }[]) => messages.map(({ seq }) => seq);

test("joining for the first time shows the newest page", () => {
  const { sequence } = joined(60);
  assert.equal(sequence.last, 60);
  assert.equal(sequence.messages.length, 50);
  assert.ok(sequence.older);
});

test("a push that follows is applied, one that is known is dropped", () => {
  const { model, sequence } = joined(3);
  model.fill(1);
  const push = model.push(3);
  assert.deepEqual(numbers(sequence.pushed(push).added), [4]);
  assert.deepEqual(numbers(sequence.pushed(push).added), []);
  assert.deepEqual(numbers(sequence.messages), [1, 2, 3, 4]);
});

test("a push that overlaps brings only what is new", () => {
  const { model, sequence } = joined(3);
  model.fill(1);
  sequence.pushed(model.push(3));
  model.fill(1);
  assert.deepEqual(numbers(sequence.pushed(model.push(3)).added), [5]);
});

test("of two versions of a message the newer wins", () => {
  const { model, sequence } = joined(3);
  model.change(2, { text: "second" });
  const second = model.push(3);
  model.change(2, { text: "third" });
  const outcome = sequence.pushed({ ...model.push(3), seq: 5 });
  assert.deepEqual(outcome.changed.map(({ text }) => text), ["third"]);
  sequence.pushed({ ...second, seq: 6, after: 5 });
  assert.equal(sequence.messages[1]?.text, "third");
});

test("a hole is asked for once, and what came meanwhile waits for the answer", () => {
  const { model, sequence } = joined(3);
  model.fill(1);
  model.fill(1);
  const outcome = sequence.pushed(model.push(4));
  assert.equal(outcome.ask, "catch_up");
  assert.deepEqual(outcome.added, []);
  const answer = model.catchUp(3);
  model.fill(1);
  assert.equal(sequence.pushed(model.push(5)).ask, undefined);
  assert.deepEqual(numbers(sequence.caughtUp(answer).added), [4, 5, 6]);
});

test("so many pushes wait at most; what did not is a hole that is asked for again", () => {
  const { model, sequence } = joined(1);
  const answer = model.catchUp(1);
  model.fill(1);
  for (let turn = 0; turn < 100; turn++) {
    model.fill(1);
    sequence.pushed(model.push(model.head - 1));
  }
  model.fill(1);
  // The answer reaches to 2 only, and of 3 to 102 the first ones have gone.
  const outcome = sequence.caughtUp({ ...answer, seq: 2, messages: model.messages.slice(1, 2) });
  assert.deepEqual(numbers(outcome.added), [2]);
  assert.equal(outcome.ask, "catch_up");
  assert.equal(sequence.caughtUp(model.catchUp(2)).ask, undefined);
  assert.deepEqual(numbers(sequence.messages), numbers(model.messages));
});

test("an answer that leads nowhere, or says to start again, leads to a new start", () => {
  for (const answer of [{ reset: false }, { reset: true }]) {
    const { model, sequence } = joined(3);
    model.fill(1);
    model.fill(1);
    sequence.pushed(model.push(4));
    assert.equal(sequence.caughtUp({ ...model.catchUp(3), seq: 3, ...answer }).ask, "join");
    assert.equal(sequence.joining(), undefined);
    assert.equal(sequence.joined(model.join(), undefined).reset, true);
    assert.deepEqual(sequence.messages, model.messages);
  }
});

test("an answer that is not complete is continued", () => {
  const { model, sequence } = joined(1);
  model.fill(4);
  const [, second, third, fourth] = model.messages;
  sequence.pushed({ after: 4, seq: 5, messages: model.messages.slice(4) });
  const outcome = sequence.caughtUp({ after: 1, seq: 3, messages: [second!, third!], more: true, reset: false });
  assert.equal(outcome.ask, "catch_up");
  assert.deepEqual(numbers(outcome.added), [2, 3]);
  const last = sequence.caughtUp({ after: 3, seq: 4, messages: [fourth!], more: false, reset: false });
  assert.deepEqual(numbers(last.added), [4, 5]);
});

test("joining again asks from the last number and brings only what is new", () => {
  const { model, sequence } = joined(3);
  model.fill(2);
  model.change(1, { text: "changed" });
  assert.equal(sequence.joining(), 3);
  const outcome = sequence.joined(model.join(3), 3);
  assert.equal(outcome.reset, false);
  assert.deepEqual(numbers(outcome.added), [4, 5]);
  assert.deepEqual(numbers(outcome.changed), [1]);
});

test("the list keeps its window, and older pages widen it until it is trimmed", () => {
  const { model, sequence } = joined(200, 60);
  model.fill(20);
  sequence.pushed(model.push(200));
  assert.equal(sequence.messages.length, 60);
  assert.equal(sequence.messages[0]?.seq, 161);
  const before = sequence.readingBack();
  assert.deepEqual(numbers(sequence.readBack(model.history(before, 100))).length, 100);
  assert.equal(sequence.messages[0]?.seq, 61);
  assert.equal(sequence.trim(), true);
  assert.equal(sequence.messages.length, 60);
  assert.equal(sequence.trim(), false);
});

test("what changed while an older page was on its way is in it", () => {
  const { model, sequence } = joined(80);
  const before = sequence.readingBack();
  const page = model.history(before, 100);
  model.change(7, { text: "changed" });
  sequence.pushed(model.push(80));
  sequence.readBack(page);
  assert.deepEqual(sequence.messages, model.messages);
  assert.equal(sequence.older, false);
});

test("an older page that no longer fits is left out", () => {
  const { model, sequence } = joined(80);
  const before = sequence.readingBack();
  const page = model.history(before, 100);
  const after = sequence.joining();
  sequence.joined({ ...model.join(), reset: true, messages: model.messages.slice(-10) }, after);
  assert.deepEqual(sequence.readBack(page), []);
  assert.equal(sequence.messages.length, 10);
});

test("an older page that was asked for while the list was about to be replaced is left out", () => {
  const { model, sequence } = joined(80);
  const after = sequence.joining();
  const page = model.history(sequence.readingBack(), 100);
  model.fill(600);
  assert.equal(sequence.joined(model.join(after), after).reset, true);
  assert.deepEqual(sequence.readBack(page), []);
  assert.deepEqual(sequence.messages, model.messages.slice(-50));
});

test("what is sent while an older page is on its way does not keep it from fitting", () => {
  const { model, sequence } = joined(200, 50);
  const page = model.history(sequence.readingBack(), 10);
  model.fill(20);
  sequence.pushed(model.push(200));
  assert.equal(sequence.readBack(page).length, 10);
  assert.deepEqual(sequence.messages, model.messages.slice(-80));
});

test("so much is sent while an older page is on its way that it does not fit any more", () => {
  const { model, sequence } = joined(200, 50);
  const page = model.history(sequence.readingBack(), 10);
  model.fill(150);
  sequence.pushed(model.push(200));
  assert.deepEqual(sequence.readBack(page), []);
  assert.deepEqual(sequence.messages, model.messages.slice(-150));
});

test("so much changes below the list that an older page cannot be trusted any more", () => {
  const { model, sequence } = joined(80);
  const page = model.history(sequence.readingBack(), 100);
  for (let turn = 0; turn < 101; turn++) {
    model.change(7, { text: `changed ${turn}` });
    sequence.pushed(model.push(model.head - 1));
  }
  assert.deepEqual(sequence.readBack(page), []);
});

test("the messages of a push may come in any order", () => {
  const { model, sequence } = joined(1);
  model.fill(3);
  const push = model.push(1);
  const outcome = sequence.pushed({ ...push, messages: [...push.messages].reverse() });
  assert.deepEqual(numbers(outcome.added), [2, 3, 4]);
});

test("a list that was handed out stays as it was", () => {
  const { model, sequence } = joined(3);
  const before = sequence.messages;
  model.send(bob, { text: "new" });
  sequence.pushed(model.push(3));
  assert.notEqual(sequence.messages, before);
  assert.equal(before.length, 3);
});
