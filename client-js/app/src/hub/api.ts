/** One thing that is wrong with a request: a field of a form, or a row of an import. */
export interface ProblemItem {
  field?: string;
  row?: string | number;
  message: string;
}

/** An answer other than success; `message` is a sentence for people, empty when it was not the hub that answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** Stable dotted code. */
    readonly code: string,
    readonly field?: string,
    readonly errors: readonly ProblemItem[] = [],
  ) {
    super(message);
  }
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  field?: string;
  errors?: ProblemItem[];
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Sent as it is (a file); everything else goes as JSON. */
  raw?: { body: BodyInit; type: string };
}

async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem = {};
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // A proxy's page instead of the hub's answer: the status is all there is.
  }
  const message = problem.detail ?? problem.title ?? '';
  return new ApiError(message, response.status, problem.code ?? `http.${response.status}`, problem.field, problem.errors ?? []);
}

async function request<T>(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.signal) init.signal = options.signal;
  if (options.raw) {
    headers['content-type'] = options.raw.type;
    init.body = options.raw.body;
  } else if (body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError('', 0, 'network.unreachable');
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** The hub's REST interface. Lists and what everyone reads carry an ETag, which the browser's own cache handles. */
export const api = {
  get: <T>(path: string, options?: RequestOptions) => request<T>('GET', path, undefined, options),
  post: <T = void>(path: string, body: unknown = {}, options?: RequestOptions) => request<T>('POST', path, body, options),
  put: <T = void>(path: string, body?: unknown, options?: RequestOptions) => request<T>('PUT', path, body, options),
  patch: <T = void>(path: string, body: unknown, options?: RequestOptions) => request<T>('PATCH', path, body, options),
  delete: <T = void>(path: string, options?: RequestOptions) => request<T>('DELETE', path, undefined, options),
};

/** Path with the parameters that have a value, properly escaped. */
export function query(path: string, parameters: Record<string, string | number | boolean | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** `/events/{slug}` followed by the segments, each escaped. */
export function eventPath(slug: string, ...segments: string[]): string {
  return ['/events', slug, ...segments].map((part, index) => (index ? encodeURIComponent(part) : part)).join('/');
}
