import { unlessAborted } from "./abort.js";
import { connectionLost, fromWire, PlenaryError, queueFull } from "./error.js";
import type { Operations } from "./generated.js";
import type { Log } from "./options.js";
import type { Reply } from "./wire.js";

/** How many requests may wait for their answers. */
const MAX_WAITING = 256;
/** A frame may have 64 KiB, and a UTF-16 unit takes at most three bytes of UTF-8. */
const FRAME_UNITS = 21_845;
/** How many requests a frame may have. */
const FRAME_LINES = 100;

interface Waiting {
  resolve(ok: never): void;
  reject(error: PlenaryError): void;
}

/** The requests of one connection: numbers them, joins them into frames, and matches the answers. */
export class Requests {
  /** Whether what is asked now is sent now. */
  sending = false;
  readonly #sendFrame: (frame: string) => void;
  readonly #log: Log;
  readonly #waiting = new Map<number, Waiting>();
  #lines: string[] = [];
  #last = 0;

  constructor(sendFrame: (frame: string) => void, log: Log) {
    this.#sendFrame = sendFrame;
    this.#log = log;
  }

  /** The socket is gone: no answer will come. */
  end(error: PlenaryError = connectionLost()): void {
    this.sending = false;
    this.#lines = [];
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** `signal` ends waiting for the answer; what the hub was asked to do may still happen. */
  async ask<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    signal?: AbortSignal,
  ): Promise<Operations[Name]["ok"]> {
    signal?.throwIfAborted();
    if (this.#waiting.size >= MAX_WAITING) throw queueFull();
    // The number stays taken until the hub answers, so that giving up cannot outrun the bound.
    const answer = new Promise<Operations[Name]["ok"]>((resolve, reject) => this.post(op, data, { resolve, reject }));
    return signal ? unlessAborted(answer, signal) : answer;
  }

  /** Asks, and takes the answer before anything that follows it in the same frame. */
  post<Name extends keyof Operations>(op: Name, data: Operations[Name]["data"], waiting: Waiting): void {
    const id = (this.#last = (this.#last % 0xffff_ffff) + 1);
    const line = JSON.stringify({ id, op, data });
    if (line.length > FRAME_UNITS) throw new PlenaryError("request.too_large", "This is too long to be sent.");
    this.#waiting.set(id, waiting);
    this.#log("debug", "request", { id, op });
    // Hello comes before what was asked while there was no socket.
    this.#lines.splice(op === "hello" ? 0 : Infinity, 0, line);
    // What is asked in one turn of the event loop travels in one frame.
    queueMicrotask(() => this.#flush());
  }

  answer(reply: Reply): void {
    const id = reply.reply ?? 0;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#log("debug", "reply", { id, ...("error" in reply && { code: reply.error.code }) });
    if ("error" in reply) waiting?.reject(fromWire(reply.error));
    else waiting?.resolve(reply.ok as never);
  }

  #flush(): void {
    while (this.sending && this.#lines.length) {
      const lines = this.#lines.splice(0, FRAME_LINES);
      const frame = lines.join("\n");
      for (const part of frame.length > FRAME_UNITS ? lines : [frame]) this.#sendFrame(part);
    }
  }
}
