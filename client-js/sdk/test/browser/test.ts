// As much of `node:test` as the tests use, for browsers.

interface Mocked {
  mock: { calls: { arguments: unknown[] }[] };
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

class Context {
  readonly ends: (() => unknown)[] = [];
  readonly mock = {
    /** Records the calls of a method, and replaces it if told so, until the test's end. */
    method: (object: Record<string, Method>, name: string, replacement?: Method): Mocked => {
      const original = object[name]!;
      const calls: { arguments: unknown[] }[] = [];
      object[name] = function (...given: unknown[]) {
        calls.push({ arguments: given });
        return (replacement ?? original).apply(this, given);
      };
      this.ends.push(() => (object[name] = original));
      return { mock: { calls } };
    },
  };

  after(end: () => unknown): void {
    this.ends.push(end);
  }
}

const TIMEOUT = 30_000;
const tests: { name: string; run: (context: Context) => unknown }[] = [];

export function test(name: string, run: (context: Context) => unknown): void {
  tests.push({ name, run });
}

/** Runs all tests, one after the other, and reports their results to the runner. */
export async function run(): Promise<void> {
  const results: { name: string; error?: string }[] = [];
  const escaped: string[] = [];
  globalThis.addEventListener("error", ({ message }) => escaped.push(message));
  globalThis.addEventListener("unhandledrejection", ({ reason }) => escaped.push(String(reason)));
  for (const { name, run } of tests) {
    const error = await attempt(run);
    results.push({ name, ...(error !== undefined && { error }) });
  }
  for (const error of escaped) results.push({ name: "nothing fails outside of a test", error });
  await fetch("/report", { method: "POST", body: JSON.stringify(results) });
}

async function attempt(run: (context: Context) => unknown): Promise<string | undefined> {
  const context = new Context();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${TIMEOUT} ms.`)), TIMEOUT);
  });
  try {
    await Promise.race([run(context), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
  } finally {
    clearTimeout(timer);
    for (const end of context.ends) await end();
  }
}

const turns: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => turns.shift()?.();

/** Node's: the next turn of the event loop, without the pause of a timer. */
Object.assign(globalThis, {
  setImmediate: (run: () => void) => {
    turns.push(run);
    channel.port2.postMessage(undefined);
  },
});
