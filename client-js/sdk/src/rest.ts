import { fromProblem, PlenaryError, type WireProblem } from "./error.js";
import type { RestOperations } from "./generated-rest.js";

export { PlenaryError, type ErrorDetails, type ErrorItem } from "./error.js";
export type * from "./generated-rest.js";

export type RestMethod = keyof RestOperations;
/** The paths of the operations with this method. */
export type RestPath<Method extends RestMethod> = keyof RestOperations[Method];
/** What an operation takes: the parts of its path, its parameters and its `body`, all by name. */
export type RestInput<Method extends RestMethod, Path extends RestPath<Method>> = Flat<
  Described<Method, Path>["input"] & CallOptions
>;
/** What an operation answers. */
export type RestAnswer<Method extends RestMethod, Path extends RestPath<Method>> = Described<Method, Path>["answer"];

interface Operation {
  input: object;
  answer: unknown;
}
type Described<Method extends RestMethod, Path extends RestPath<Method>> = RestOperations[Method][Path] & Operation;
type Flat<T> = { [Name in keyof T]: T[Name] };
/** What is needed by no operation can be left out. */
type Arguments<Input> = Record<never, never> extends Input ? [input?: Input] : [input: Input];
type Ask<Method extends RestMethod> = <Path extends RestPath<Method>>(
  path: Path,
  ...input: Arguments<RestInput<Method, Path>>
) => Promise<RestAnswer<Method, Path>>;

export interface CallOptions {
  /** Gives up waiting; the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface RestOptions {
  /** Where the hub is, `https://host`; in a page that the hub itself serves it can be left out. */
  url?: string;
  /** Sent with every request: outside of browsers the cookie. */
  headers?: Record<string, string>;
  /**
   * How many answers are kept, so that the hub need not send again what has not changed. 0, because a browser's own
   * cache does that.
   */
  cache?: number;
  /** Instead of the global one. */
  fetch?: typeof fetch;
}

type Parameters = Record<string, unknown>;

/**
 * The hub's REST interface, with the types of its OpenAPI document:
 * `rest.patch("/events/{slug}/rooms/{id}", { slug, id, body: { locked: true } })`.
 * What fails is thrown as a `PlenaryError`: `network.unreachable` if no answer came, `http.` and the status if
 * something other than the hub answered.
 */
export class Rest {
  readonly get = this.#ask("get");
  readonly post = this.#ask("post");
  readonly put = this.#ask("put");
  readonly patch = this.#ask("patch");
  readonly delete = this.#ask("delete");
  readonly #options: RestOptions;
  /** The last answers that had an ETag, by address, the last used at the end. */
  readonly #kept = new Map<string, { tag: string; text: string }>();

  constructor(options: RestOptions = {}) {
    this.#options = options;
  }

  #ask<Method extends RestMethod>(method: Method): Ask<Method> {
    return (async (path: string, { body, signal, ...parameters }: Parameters & CallOptions = {}) => {
      const target = (this.#options.url ?? "") + "/api/v1" + address(path, parameters);
      const kept = method === "get" ? this.#kept.get(target) : undefined;
      const headers: Record<string, string> = { ...this.#options.headers };
      if (kept) headers["if-none-match"] = kept.tag;
      const init: RequestInit = { method: method.toUpperCase(), headers, credentials: "same-origin" };
      if (signal) init.signal = signal;
      if (isRaw(body)) {
        init.body = body;
      } else if (body !== undefined) {
        headers["content-type"] = "application/json";
        init.body = JSON.stringify(body);
      }
      const { response, text } = await this.#fetch(target, init);
      if (kept && response.status === 304) return parse(kept.text, response);
      if (!response.ok) throw refusal(text, response);
      this.#keep(target, text, response);
      return parse(text, response);
    }) as Ask<Method>;
  }

  async #fetch(target: string, init: RequestInit): Promise<{ response: Response; text: string }> {
    try {
      const response = await (this.#options.fetch ?? fetch)(target, init);
      return { response, text: await response.text() };
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      const message = "The server cannot be reached. Please check your connection.";
      throw new PlenaryError("network.unreachable", message, { status: 0, cause });
    }
  }

  #keep(target: string, text: string, response: Response): void {
    const { cache = 0 } = this.#options;
    const tag = response.headers.get("etag");
    if (!cache || !tag) return;
    this.#kept.delete(target);
    this.#kept.set(target, { tag, text });
    if (this.#kept.size > cache) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** The path with its parts filled in, and the other parameters that have a value after a question mark. */
function address(path: string, parameters: Parameters): string {
  const rest = { ...parameters };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    delete rest[name];
    return encodeURIComponent(String(parameters[name]));
  });
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(rest)) {
    for (const value of [values].flat()) if (value !== undefined && value !== "") query.append(name, String(value));
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}

function isRaw(body: unknown): body is Blob | BufferSource | string {
  return typeof body === "string" || body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
}

/** What an answer says: JSON, the text of a table, or nothing. */
function parse(text: string, response: Response): unknown {
  if (!text) return undefined;
  if (response.headers.get("content-type")?.startsWith("text/csv")) return text;
  try {
    return JSON.parse(text);
  } catch {
    // The page of a portal that one must sign in to first.
    throw fromProblem(response.status, {});
  }
}

/** The error that an answer stands for. What comes from a proxy says nothing that its status does not. */
function refusal(text: string, { status, headers }: Response): PlenaryError {
  const byHub = headers.get("content-type")?.startsWith("application/problem+json");
  return fromProblem(status, byHub ? (JSON.parse(text) as WireProblem) : {});
}
