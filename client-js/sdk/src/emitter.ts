import type { SignalOption } from "./abort.js";

/** Events typed by a map: the names of `Events` are the events, their types what a handler is given. */
export class Emitter<Events extends object> {
  readonly #handlers = new Map<keyof Events, Set<(value: never) => void>>();

  /** Calls `handler` at every `event` until the returned function is called or `signal` is aborted. */
  on<Name extends keyof Events>(
    event: Name,
    handler: (value: Events[Name]) => void,
    { signal }: SignalOption = {},
  ): () => void {
    if (signal?.aborted) return () => {};
    let handlers = this.#handlers.get(event);
    if (!handlers) this.#handlers.set(event, (handlers = new Set()));
    // Wrapped, so that registering one function twice gives two registrations.
    const own = (value: Events[Name]) => handler(value);
    const off = () => {
      handlers.delete(own);
      signal?.removeEventListener("abort", off);
    };
    handlers.add(own);
    signal?.addEventListener("abort", off);
    return off;
  }

  /** Calls `handler` at the next `event` only. */
  once<Name extends keyof Events>(
    event: Name,
    handler: (value: Events[Name]) => void,
    options?: SignalOption,
  ): () => void {
    const off = this.on(
      event,
      (value) => {
        off();
        handler(value);
      },
      options,
    );
    return off;
  }

  /** @internal */
  emit<Name extends keyof Events>(event: Name, value: Events[Name]): void {
    const handlers = this.#handlers.get(event);
    // Those put on by now: what is called may put on and take off others.
    for (const handler of new Set(handlers)) {
      if (handlers!.has(handler)) attempt(() => handler(value as never));
    }
  }
}

/** @internal Calls what is not the client's own: a mistake in it must reach its author, but stop nothing else. */
export function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
