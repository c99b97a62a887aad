import { backoff, isFinal, toldDelay } from "./backoff.js";
import { deferred, type Deferred } from "./deferred.js";
import { LOST, PlenaryError } from "./error.js";
import { Requests } from "./requests.js";
import type { ClosingPush, HelloAnswer, Operations } from "./generated.js";
import type { Settings } from "./options.js";
import type { Cancel, Runtime, Socket } from "./runtime.js";
import type { Push, Reply } from "./wire.js";

/** What the connection is doing. Show `waiting` and `closed` to people: nothing arrives while in them. */
export type ConnectionState =
  | { status: "idle" | "connecting" | "open" }
  /** `retryAt`: when it tries again (milliseconds since 1970). `told`: the hub named that time. */
  | { status: "waiting"; retryAt: number; told: boolean; reason: string }
  /**
   * It does not come back by itself; `reason` is the hub's stable code, `message` a sentence for people, and `refusal`
   * what the hub answered when it refused the connection.
   */
  | { status: "closed"; code: number; reason: string; message: string; refusal?: PlenaryError };

/** @internal What the connection tells its owner. */
export interface Owner {
  /** The socket is open and `hello` is on its way: ask for everything that a new connection needs. */
  resume(): void;
  opened(hello: HelloAnswer): void;
  pushed(push: Push): void;
  changed(state: ConnectionState): void;
}

/** @internal One WebSocket at a time to the hub, and the decision when to open the next one. */
export class Connection {
  state: ConnectionState = { status: "idle" };
  readonly requests: Requests;
  readonly #settings: Settings;
  readonly #runtime: Runtime;
  readonly #owner: Owner;
  #socket?: Socket;
  #attempt = 0;
  #pingAfter = 0;
  #announced?: ClosingPush;
  /** What `hello` was refused with. */
  #refusal?: PlenaryError;
  #cancelTimer?: Cancel;
  #cancelWake?: Cancel;
  #opening?: Deferred<HelloAnswer>;

  constructor(settings: Settings, owner: Owner) {
    this.#settings = settings;
    this.#runtime = settings.runtime;
    this.requests = new Requests((frame) => this.#socket?.send(frame), settings.log);
    this.#owner = owner;
  }

  connect(): Promise<HelloAnswer> {
    const { promise } = (this.#opening ??= deferred());
    this.#cancelWake ??= this.#runtime.onWake(() => this.#wake());
    if (this.state.status === "idle" || this.state.status === "closed") this.#open();
    else this.#wake();
    return promise;
  }

  /** Ends it for good, unless `connect` is called again. */
  close(code = 1000, reason = "connection.closed", message = "The connection was closed."): void {
    if (this.state.status === "closed") return;
    const refusal = this.#refusal;
    this.#end();
    this.#cancelWake?.();
    const error = new PlenaryError(reason, message);
    this.#opening?.reject(error);
    this.#cancelWake = this.#opening = undefined;
    this.#become({ status: "closed", code, reason, message, ...(refusal && { refusal }) });
    this.requests.end(error);
  }

  /** Opens the next socket. Nothing of an earlier one can be heard any more. */
  async #open(): Promise<void> {
    this.#setTimer(this.#settings.delays.connectTimeout, () => this.#lose());
    const state: ConnectionState = { status: "connecting" };
    this.#become(state);
    const { url, event, ticket, client, WebSocket } = this.#settings;
    try {
      const data = { event, ticket: typeof ticket === "function" ? await ticket() : ticket, client };
      if (this.state === state) this.#listen(new WebSocket(url, "plenary.v1"), data);
    } catch (error) {
      if (this.state !== state) return;
      // With a PlenaryError `ticket` says that asking again is of no use; anything else is the network.
      if (error instanceof PlenaryError) this.close(4203, error.code, error.message);
      else this.#lose();
    }
  }

  #listen(socket: Socket, data: Operations["hello"]["data"]): void {
    this.#socket = socket;
    socket.onopen = () => {
      this.requests.sending = true;
      // When it is refused, the close that follows says whether to come back.
      const reject = (error: PlenaryError) => (this.#refusal = error);
      this.requests.post("hello", data, { resolve: (hello) => this.#opened(hello), reject });
      this.#owner.resume();
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (this.state.status === "open") this.#watch();
      for (const line of String(data).split("\n")) {
        // What a line caused may have ended this connection: the rest of the frame is then void.
        if (!line || this.#socket !== socket) continue;
        try {
          this.#take(JSON.parse(line));
        } catch {
          if (this.#socket === socket) this.#lose("connection.unreadable");
        }
      }
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#closed(code, reason);
    // An error is always followed by a close, but without a listener some implementations throw it.
    socket.onerror = () => {};
  }

  #opened(hello: HelloAnswer): void {
    this.#attempt = 0;
    this.#pingAfter = hello.ping_after_ms;
    this.#watch();
    this.#opening?.resolve(hello);
    this.state = { status: "open" };
    this.#owner.opened(hello);
    // What was called may have closed it again.
    this.#become(this.state);
  }

  /** Throws when the line means nothing. */
  #take(said: Push | Reply): void {
    const { error, ok, data } = said as { error?: unknown; ok?: unknown; data?: unknown };
    if (!((error ?? ok ?? data) instanceof Object)) throw new TypeError();
    if ("reply" in said) return this.requests.answer(said);
    this.#settings.log("debug", "push", { push: said.push, channel: said.channel });
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
    const delay = told ?? backoff(this.#attempt++, random, this.#settings.delays);
    this.#end();
    this.#setTimer(delay, () => this.#open());
    this.#become({ status: "waiting", retryAt: now() + delay, told: told !== undefined, reason });
    this.requests.end();
  }

  /** Forgets the socket; it need not answer, nor even exist any more. */
  #end(): void {
    const socket = this.#socket;
    this.#socket = this.#announced = this.#refusal = undefined;
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
    this.#setTimer(this.#settings.delays.pingTimeout, () => this.#lose("connection.silent"));
    this.requests.ask("ping", {}).catch(() => {});
  }

  #setTimer(delay: number, run: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#runtime.after(delay, run);
  }

  #become(state: ConnectionState): void {
    this.state = state;
    const down = state.status === "waiting" || (state.status === "closed" && state.code !== 1000);
    this.#settings.log(down ? "warn" : "info", "state", state);
    this.#owner.changed(state);
  }
}
