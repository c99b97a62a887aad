// Random plans against the sequence: pushes are dropped, doubled and reordered, connections break at any moment.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Sequence, type Outcome } from "../src/sequence.js";
import type { ChannelCatchUpAnswer, ChannelHistoryAnswer, ChannelJoinAnswer, Message, MessagesPush } from "../src/generated.js";
import { bob, ChannelModel } from "./support/model.js";
import { forSeeds, type Random } from "./support/random.js";

type Arriving =
  | { kind: "push"; push: MessagesPush }
  | { kind: "join"; after: number | undefined; answer: ChannelJoinAnswer }
  | { kind: "catch_up"; answer: ChannelCatchUpAnswer }
  | { kind: "history"; answer: ChannelHistoryAnswer };

/** A question on its way to the hub; answered with what the hub then has. */
type Asked =
  | { kind: "join"; after: number | undefined }
  | { kind: "catch_up"; after: number }
  | { kind: "history"; before: number };

const WINDOW = 30;
const MOST_CHANGES = 25;

class Plan {
  readonly model = new ChannelModel("hall", MOST_CHANGES);
  readonly sequence = new Sequence(WINDOW);
  /** What a user has who only listens to the outcomes. */
  told: Message[] = [];
  #asked: Asked[] = [];
  #arriving: Arriving[] = [];
  #pushed = 0;
  #lastTold: Message | undefined;
  #reading = false;

  constructor(readonly random: Random) {
    this.reconnect();
  }

  step(): void {
    const { random } = this;
    const steps: [number, () => void][] = [
      [4, () => this.change()],
      [4, () => this.push()],
      [3, () => this.answer()],
      [6, () => this.deliver()],
      [1, () => this.disturb()],
      [0.3, () => this.reconnect()],
      [1, () => this.readBack()],
      [0.2, () => this.trim()],
    ];
    let choice = random.next() * steps.reduce((sum, [weight]) => sum + weight, 0);
    const [, run] = steps.find(([weight]) => (choice -= weight) < 0)!;
    run();
    assert.deepEqual(this.told, this.sequence.messages);
  }

  change(): void {
    const { model, random } = this;
    const known = random.chance(0.5) ? random.pick(model.messages) : undefined;
    if (known) model.change(known.seq, random.pick([{ text: "edited" }, { pinned_at: 1 }, { deleted: "author" }]));
    else model.fill(1 + random.below(3));
  }

  push(): void {
    if (this.model.head === this.#pushed) return;
    this.#arriving.push({ kind: "push", push: this.model.push(this.#pushed) });
    this.#pushed = this.model.head;
  }

  answer(): void {
    const asked = this.#asked.shift();
    if (asked?.kind === "join") this.#arriving.push({ ...asked, answer: this.model.join(asked.after) });
    if (asked?.kind === "catch_up") this.#arriving.push({ ...asked, answer: this.model.catchUp(asked.after) });
    if (asked?.kind === "history") {
      this.#arriving.push({ kind: "history", answer: this.model.history(asked.before, 10) });
    }
  }

  deliver(): void {
    const arriving = this.#arriving.shift();
    if (arriving?.kind === "push") this.tell(this.sequence.pushed(arriving.push));
    if (arriving?.kind === "join") this.tell(this.sequence.joined(arriving.answer, arriving.after));
    if (arriving?.kind === "catch_up") this.tell(this.sequence.caughtUp(arriving.answer));
    if (arriving?.kind === "history") {
      this.#reading = false;
      this.told = [...this.sequence.readBack(arriving.answer), ...this.told];
    }
  }

  /** Loses, doubles or moves a push that is on its way; answers only come later than they could. */
  disturb(): void {
    const place = this.random.below(this.#arriving.length + 1);
    const disturbed = this.#arriving[place];
    if (!disturbed) return;
    const how = disturbed.kind === "push" ? this.random.pick(["drop", "double", "move"]) : "move";
    if (how !== "double") this.#arriving.splice(place, 1);
    const earliest = disturbed.kind === "push" ? 0 : place;
    const elsewhere = earliest + this.random.below(this.#arriving.length + 1 - earliest);
    if (how !== "drop") this.#arriving.splice(elsewhere, 0, disturbed);
  }

  reconnect(): void {
    this.#asked = [{ kind: "join", after: this.sequence.joining() }];
    this.#arriving = [];
    this.#reading = false;
  }

  readBack(): void {
    if (this.#reading || !this.sequence.older) return;
    this.#reading = true;
    this.#asked.push({ kind: "history", before: this.sequence.readingBack() });
  }

  trim(): void {
    this.sequence.trim();
    this.told = this.told.slice(-this.sequence.messages.length);
  }

  /** Lets everything arrive. */
  settle(): void {
    this.reconnect();
    this.push();
    while (this.#asked.length + this.#arriving.length) {
      this.answer();
      this.deliver();
    }
  }

  tell({ added, changed, reset, ask }: Outcome): void {
    if (reset) {
      this.told = [...this.sequence.messages];
      // What waited for the join is in that list already; told apart it must follow on what came with it.
      this.#lastTold = undefined;
    } else this.told = [...this.told, ...added];
    for (const message of added) {
      if (this.#lastTold) assert.equal(message.ordinal, this.#lastTold.ordinal + 1, "a message is missing or repeated");
      this.#lastTold = message;
    }
    this.#lastTold ??= this.sequence.messages.at(-1);
    for (const message of changed) {
      const place = this.told.findIndex(({ seq }) => seq === message.seq);
      assert.ok(reset || place >= 0, "a change of a message that was never told");
      if (place >= 0) this.told[place] = message;
    }
    this.told = this.told.slice(-this.sequence.messages.length || this.told.length);
    if (ask === "join") this.#asked.push({ kind: "join", after: this.sequence.joining() });
    if (ask === "catch_up") this.#asked.push({ kind: "catch_up", after: this.sequence.last });
  }
}

test(
  "after any plan the list is a piece of a fresh snapshot",
  forSeeds(400, (random) => {
    const plan = new Plan(random);
    plan.model.send(bob, { text: "first" });
    const steps = 50 + random.below(250);
    for (let step = 0; step < steps; step++) plan.step();
    plan.settle();
    const { messages, last, older } = plan.sequence;
    assert.equal(last, plan.model.head);
    assert.ok(messages.length >= Math.min(WINDOW, plan.model.messages.length, 1));
    assert.deepEqual(messages, plan.model.messages.slice(-messages.length));
    assert.equal(older, messages.length < plan.model.messages.length);
    assert.deepEqual(plan.told, messages);
  }),
);
