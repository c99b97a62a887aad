import { connectionLost, PlenaryError } from "./error.js";
import type { Operations, Reply } from "./wire.js";

/** How many requests may wait for their answers, and how many bytes one frame may have. */
const MOST_WAITING = 256;
const FRAME_BYTES = 64 * 1024;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

export interface RequestOptions {
  /** Gives up waiting for the answer. What the hub was asked to do may still happen. */
  signal?: AbortSignal;
}

interface Waiting {
  resolve(ok: never): void;
  reject(error: unknown): void;
}

/** The requests of one connection: numbers them, joins them into frames, and matches the answers. */
export class Requests {
  readonly #sendFrame: (frame: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lines: string[] = [];
  #last = 0;
  #flushing = false;
  #sending = false;

  constructor(sendFrame: (frame: string) => void) {
    this.#sendFrame = sendFrame;
  }

  get sending(): boolean {
    return this.#sending;
  }

  /** A socket is open: `first` asks what comes first, then follows what was asked meanwhile. */
  begin(first: () => void): void {
    const earlier = this.#lines;
    this.#lines = [];
    this.#sending = true;
    first();
    this.#lines.push(...earlier);
    this.#flush();
  }

  /** The socket is gone: no answer will come. */
  end(error: PlenaryError = connectionLost()): void {
    this.#sending = false;
    this.#lines = [];
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  ask<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    { signal }: RequestOptions,
    connected: boolean,
  ): Promise<Operations[Name]["ok"]> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!connected) return Promise.reject(connectionLost());
    if (this.#waiting.size >= MOST_WAITING) {
      return Promise.reject(new PlenaryError("queue.full", "Too many requests are waiting. Please try again soon."));
    }
    const id = (this.#last = (this.#last % 0xffff_ffff) + 1);
    const line = JSON.stringify({ id, op, data });
    if (line.length > FRAME_BYTES || new TextEncoder().encode(line).length > FRAME_BYTES) {
      return Promise.reject(new PlenaryError("request.too_large", "This is too long to be sent. Please shorten it."));
    }
    this.#lines.push(line);
    this.#flushSoon();
    return this.#answerOf(id, signal);
  }

  answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.reply);
    this.#waiting.delete(reply.reply);
    if ("error" in reply) waiting?.reject(PlenaryError.fromWire(reply.error));
    else waiting?.resolve(reply.ok as never);
  }

  #answerOf<Ok>(id: number, signal: AbortSignal | undefined): Promise<Ok> {
    return new Promise<Ok>((resolve, reject) => {
      const abort = () => {
        // The number stays taken until the hub answers, so that aborting cannot outrun the bound.
        this.#waiting.set(id, { resolve() {}, reject() {} });
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      const settled = <Value>(settle: (value: Value) => void) => (value: Value) => {
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
    });
  }

  /** What is asked in one turn of the event loop travels in one frame. */
  #flushSoon(): void {
    if (this.#flushing || !this.#sending) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (this.#sending) this.#flush();
    });
  }

  #flush(): void {
    let frame = "";
    for (const line of this.#lines) {
      if (frame && (frame.length + line.length + 1) * BYTES_PER_UNIT > FRAME_BYTES) {
        this.#sendFrame(frame);
        frame = "";
      }
      frame += frame ? `\n${line}` : line;
    }
    this.#lines = [];
    if (frame) this.#sendFrame(frame);
  }
}
