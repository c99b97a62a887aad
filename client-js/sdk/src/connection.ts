import { backoff, isFinal, toldDelay } from "./backoff.js";
import { deferred, type Deferred } from "./deferred.js";
import { LOST, PlenaryError } from "./error.js";
import { Requests } from "./requests.js";
import type { Cancel, Runtime, Socket, SocketConstructor } from "./runtime.js";
import type { Closing, Hello, Operations, Push, Reply } from "./wire.js";

/** How long an attempt may take until the hub's `hello` is answered, in milliseconds. */
const CONNECT_TIMEOUT = 15_000;
/** How long after a ping something must be heard. */
const PING_TIMEOUT = 10_000;

/** What the connection is doing. Show `waiting` and `closed` to people: nothing arrives while in them. */
export type ConnectionState =
  | { status: "idle" | "connecting" | "open" }
  /** `retryAt`: when it tries again (milliseconds since 1970). `told`: the hub named that time. */
  | { status: "waiting"; retryAt: number; told: boolean; reason: string }
  /** It does not come back by itself; `reason` is the hub's stable code, `message` a sentence for people. */
  | { status: "closed"; code: number; reason: string; message: string };

/** What the connection tells its owner. */
export interface Owner {
  /** The socket is open and `hello` is on its way: ask for everything that a new connection needs. */
  resume(): void;
  opened(hello: Hello): void;
  pushed(push: Push): void;
  changed(state: ConnectionState): void;
}

export interface ConnectionOptions {
  url: string;
  event: string;
  ticket?: string | (() => string | Promise<string>);
  client?: string;
  WebSocket: SocketConstructor;
  runtime: Runtime;
}

/** One WebSocket at a time to the hub, and the decision when to open the next one. */
export class Connection {
  state: ConnectionState = { status: "idle" };
  readonly requests = new Requests((frame) => this.#socket?.send(frame));
  readonly #options: ConnectionOptions;
  readonly #runtime: Runtime;
  readonly #owner: Owner;
  #socket?: Socket;
  #attempt = 0;
  #pingAfter = 0;
  #announced?: Closing;
  #cancelTimer?: Cancel;
  #cancelWake?: Cancel;
  #opening?: Deferred<Hello>;

  constructor(options: ConnectionOptions, owner: Owner) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#owner = owner;
  }

  connect(): Promise<Hello> {
    const { promise } = (this.#opening ??= deferred());
    this.#cancelWake ??= this.#runtime.onWake(() => this.#wake());
    if (this.state.status === "idle" || this.state.status === "closed") this.#open();
    else this.#wake();
    return promise;
  }

  /** Ends it for good, unless `connect` is called again. */
  close(code = 1000, reason = "connection.closed", message = "The connection was closed."): void {
    if (this.state.status === "closed") return;
    this.#end();
    this.#cancelWake?.();
    const error = new PlenaryError(reason, message);
    this.#opening?.reject(error);
    this.#cancelWake = this.#opening = undefined;
    this.#become({ status: "closed", code, reason, message });
    this.requests.end(error);
  }

  /** Opens the next socket. Nothing of an earlier one can be heard any more. */
  async #open(): Promise<void> {
    this.#setTimer(CONNECT_TIMEOUT, () => this.#lose());
    const state: ConnectionState = { status: "connecting" };
    this.#become(state);
    const { url, event, ticket, client, WebSocket } = this.#options;
    try {
      const data = { event, ticket: typeof ticket === "function" ? await ticket() : ticket, client };
      if (this.state === state) this.#listen(new WebSocket(url, "plenary.v1"), data);
    } catch (error) {
      if (this.state !== state) return;
      // By a PlenaryError the giver of tickets says that asking again is of no use; anything else is the network.
      if (error instanceof PlenaryError) this.close(4203, error.code, error.message);
      else this.#lose();
    }
  }

  #listen(socket: Socket, data: Operations["hello"]["data"]): void {
    this.#socket = socket;
    socket.onopen = () => {
      this.requests.sending = true;
      // When it is refused, the close that follows says whether to come back.
      this.requests.post("hello", data, { resolve: (hello) => this.#opened(hello), reject() {} });
      this.#owner.resume();
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (this.state.status === "open") this.#watch();
      for (const line of String(data).split("\n")) {
        // What a line caused may have ended this connection: the rest of the frame is then void.
        if (line && this.#socket === socket) this.#take(line);
      }
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#closed(code, reason);
    // An error is always followed by a close, but without a listener some implementations throw it.
    socket.onerror = () => {};
  }

  #opened(hello: Hello): void {
    this.#attempt = 0;
    this.#pingAfter = hello.ping_after_ms;
    this.#watch();
    this.#opening?.resolve(hello);
    this.state = { status: "open" };
    this.#owner.opened(hello);
    // What was called may have closed it again.
    this.#become(this.state);
  }

  #take(line: string): void {
    let said: Push | Reply;
    try {
      said = JSON.parse(line);
    } catch {
      return this.#lose();
    }
    if ("reply" in said) return this.requests.answer(said);
    if (said.push === "closing") this.#announced = said.data;
    this.#owner.pushed(said);
  }

  #closed(code: number, text: string): void {
    const reason = text.split(" ")[0];
    if (isFinal(code)) this.close(code, reason, this.#announced?.message);
    else this.#lose(reason || LOST, toldDelay(text, this.#announced?.retry_after_ms));
  }

  /** The connection is gone or could not be made: the next attempt follows, after `told` milliseconds if named. */
  #lose(reason = LOST, told?: number): void {
    const { now, random } = this.#runtime;
    const delay = told ?? backoff(this.#attempt++, random);
    this.#end();
    this.#setTimer(delay, () => this.#open());
    this.#become({ status: "waiting", retryAt: now() + delay, told: told !== undefined, reason });
    this.requests.end();
  }

  /** Forgets the socket; it need not answer, nor even exist any more. */
  #end(): void {
    const socket = this.#socket;
    this.#socket = this.#announced = undefined;
    this.#cancelTimer?.();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** The network or the page is back: what seems lost is tried at once, what seems open is checked. */
  #wake(): void {
    if (this.state.status === "open") this.#ping();
    if (this.state.status !== "waiting" || this.state.told) return;
    this.#attempt = 0;
    this.#open();
  }

  /** Something was heard: asks when nothing more is for the hub's `ping_after_ms`. */
  #watch(): void {
    this.#setTimer(this.#pingAfter, () => this.#ping());
  }

  #ping(): void {
    this.#setTimer(PING_TIMEOUT, () => this.#lose("connection.silent"));
    this.requests.ask("ping", {}).catch(() => {});
  }

  #setTimer(delay: number, run: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#runtime.after(delay, run);
  }

  #become(state: ConnectionState): void {
    this.state = state;
    this.#owner.changed(state);
  }
}
