import { backoff, closePolicy, type Policy } from "./backoff.js";
import { deferred, type Deferred } from "./deferred.js";
import { PlenaryError } from "./error.js";
import { Requests, type RequestOptions } from "./requests.js";
import type { Cancel, Runtime, Socket, SocketConstructor } from "./runtime.js";
import type { Closing, Hello, Operations, Push, Reply } from "./wire.js";

/** How long an attempt may take until the hub's `hello` is answered, and a ping until anything is heard. */
const CONNECT_TIMEOUT = 15_000;
const PING_TIMEOUT = 10_000;
/** A connection that held for so long is not counted as a failed attempt when it breaks. */
const STABLE_AFTER = 10_000;

/** What the connection is doing. Show `waiting` and `closed` to people: nothing arrives while in them. */
export type ConnectionState =
  | { status: "idle" }
  | { status: "connecting" }
  | { status: "open" }
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
  ticket: string | (() => string | Promise<string>) | undefined;
  client: string | undefined;
  WebSocket: SocketConstructor;
  runtime: Runtime;
}

/** One WebSocket at a time to the hub, and the decision when to open the next one. */
export class Connection {
  state: ConnectionState = { status: "idle" };
  readonly #options: ConnectionOptions;
  readonly #runtime: Runtime;
  readonly #owner: Owner;
  readonly #requests = new Requests((frame) => this.#socket?.send(frame));
  #socket: Socket | undefined;
  #attempt = 0;
  #openedAt: number | undefined;
  #heardAt = 0;
  #pingAfter = 0;
  #pinging = false;
  #announced: Closing | undefined;
  #cancelTimer: Cancel = () => {};
  #cancelWake: Cancel | undefined;
  #opening: Deferred<Hello> | undefined;

  constructor(options: ConnectionOptions, owner: Owner) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#owner = owner;
  }

  /** Whether a request made now is sent now. */
  get ready(): boolean {
    return this.#requests.sending;
  }

  connect(): Promise<Hello> {
    const opening = (this.#opening ??= deferred<Hello>());
    this.#cancelWake ??= this.#runtime.onWake(() => this.#wake());
    const { status } = this.state;
    if (status === "idle" || status === "closed") this.#open();
    else this.#wake();
    return opening.promise;
  }

  close(): void {
    if (this.state.status === "idle" || this.state.status === "closed") return;
    this.#finish(1000, "connection.closed", "The connection was closed.");
  }

  request<Name extends keyof Operations>(
    op: Name,
    data: Operations[Name]["data"],
    options: RequestOptions = {},
  ): Promise<Operations[Name]["ok"]> {
    const { status } = this.state;
    return this.#requests.ask(op, data, options, status === "open" || status === "connecting");
  }

  /** Opens the next socket. Nothing of an earlier one can be heard any more. */
  #open(): void {
    this.#become({ status: "connecting" });
    const ticket = this.#options.ticket;
    const state = this.state;
    this.#setTimer(CONNECT_TIMEOUT, () => this.#lose({ kind: "again" }, "connect.timeout"));
    if (typeof ticket !== "function") return this.#openSocket(ticket);
    Promise.resolve()
      .then(ticket)
      .then(
        (value) => this.state === state && this.#openSocket(value),
        (error: unknown) => this.state === state && this.#ticketFailed(error),
      );
  }

  #ticketFailed(error: unknown): void {
    // Whoever gets tickets says by a PlenaryError that asking again is of no use; anything else is the network.
    if (error instanceof PlenaryError) this.#refused(error);
    else this.#lose({ kind: "again" }, "ticket.failed");
  }

  #openSocket(ticket: string | undefined): void {
    const { url, event, client, WebSocket } = this.#options;
    let socket: Socket;
    try {
      this.#socket = socket = new WebSocket(url, "plenary.v1");
    } catch {
      return this.#lose({ kind: "again" }, "socket.refused");
    }
    socket.onopen = () => {
      const hello = { event, ...(ticket !== undefined && { ticket }), ...(client !== undefined && { client }) };
      this.#requests.begin(() => {
        this.request("hello", hello).then(
          (ok) => this.#socket === socket && this.#opened(ok),
          (error: PlenaryError) => this.#socket === socket && this.#refused(error),
        );
        this.#owner.resume();
      });
    };
    socket.onmessage = ({ data }: { data: unknown }) => this.#heard(socket, data);
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#closed(code, reason);
    // An error is always followed by a close, but without a listener some implementations throw it.
    socket.onerror = () => {};
  }

  #opened(hello: Hello): void {
    this.#openedAt = this.#runtime.now();
    this.#pingAfter = hello.ping_after_ms;
    this.#owner.opened(hello);
    this.#become({ status: "open" });
    this.#opening?.resolve(hello);
    this.#watch();
  }

  #refused(error: PlenaryError): void {
    if (error.retryAfter !== undefined) this.#lose({ kind: "told", delay: error.retryAfter }, error.code);
    else if (error.temporary) this.#lose({ kind: "again" }, error.code);
    else this.#finish(4203, error.code, error.message);
  }

  #heard(socket: Socket, data: unknown): void {
    this.#heardAt = this.#runtime.now();
    for (const line of String(data).split("\n")) {
      // What a line caused may have ended this connection: the rest of the frame is then void.
      if (line && this.#socket === socket) this.#take(line);
    }
  }

  #take(line: string): void {
    let said: Push | Reply;
    try {
      said = JSON.parse(line);
    } catch {
      return this.#lose({ kind: "again" }, "protocol.malformed");
    }
    if ("reply" in said) this.#requests.answer(said);
    else {
      if (said.push === "closing") this.#announced = said.data;
      this.#owner.pushed(said);
    }
  }

  #closed(code: number, reason: string): void {
    const policy = closePolicy(code, reason, this.#announced?.retry_after_ms);
    const name = reason.split(" ")[0] || "connection.lost";
    if (policy.kind !== "final") return this.#lose(policy, name);
    this.#finish(code, name, this.#announced?.message ?? "The conference ended this connection.");
  }

  #lose(policy: Exclude<Policy, { kind: "final" }>, reason: string): void {
    const { now, random } = this.#runtime;
    if (this.#openedAt !== undefined && now() - this.#openedAt >= STABLE_AFTER) this.#attempt = 0;
    const told = policy.kind === "told";
    const delay = told ? policy.delay : backoff(this.#attempt++, random);
    this.#end();
    this.#setTimer(delay, () => this.#open());
    this.#become({ status: "waiting", retryAt: now() + delay, told, reason });
    this.#requests.end();
  }

  #finish(code: number, reason: string, message: string): void {
    this.#end();
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#attempt = 0;
    const error = new PlenaryError(reason, message);
    this.#opening?.reject(error);
    this.#opening = undefined;
    this.#become({ status: "closed", code, reason, message });
    this.#requests.end(error);
  }

  /** Forgets the socket; it need not answer, nor even exist any more. */
  #end(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#openedAt = this.#announced = undefined;
    this.#pinging = false;
    this.#cancelTimer();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #wake(): void {
    if (this.state.status === "waiting" && !this.state.told) {
      this.#cancelTimer();
      this.#attempt = 0;
      this.#open();
    } else if (this.state.status === "open") this.#ping();
  }

  /** Waits until nothing was heard for the hub's `ping_after_ms`, then asks. */
  #watch(): void {
    const quiet = this.#runtime.now() - this.#heardAt;
    if (quiet >= this.#pingAfter) this.#ping();
    else this.#setTimer(this.#pingAfter - quiet, () => this.#watch());
  }

  #ping(): void {
    if (this.#pinging) return;
    this.#pinging = true;
    const askedAt = this.#runtime.now();
    this.request("ping", {}).catch(() => {});
    this.#setTimer(PING_TIMEOUT, () => {
      this.#pinging = false;
      if (this.#heardAt >= askedAt) this.#watch();
      else this.#lose({ kind: "again" }, "connection.silent");
    });
  }

  #setTimer(delay: number, run: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#runtime.after(delay, run);
  }

  #become(state: ConnectionState): void {
    this.state = state;
    this.#owner.changed(state);
  }
}
