import { Emitter } from "./emitter.js";

/**
 * Something to render: events, and a snapshot of everything that can be shown. A snapshot never changes; it is the
 * same object until anything is different.
 */
export abstract class Store<Snapshot, Events extends { update: Snapshot }> extends Emitter<Events> {
  #snapshot?: Snapshot;

  /** Everything as it is now. */
  get snapshot(): Snapshot {
    return (this.#snapshot ??= Object.freeze(this.capture()));
  }

  /** Calls `listener` now and whenever anything is different, until the returned function is called. */
  readonly subscribe = (listener: (snapshot: Snapshot) => void): (() => void) => {
    const off = this.on("update", listener);
    listener(this.snapshot);
    return off;
  };

  /** @internal Makes a snapshot. */
  protected abstract capture(): Snapshot;

  /** @internal Something is different, and will be told: what is read until then must not be old. */
  protected invalidate(): void {
    this.#snapshot = undefined;
  }

  /** @internal Something is different. */
  update(): void {
    this.invalidate();
    this.emit("update", this.snapshot as Events["update"]);
  }
}
