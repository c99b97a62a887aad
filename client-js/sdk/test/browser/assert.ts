// As much of `node:assert/strict` as the tests use, for browsers.

type Expected = RegExp | object | ((error: unknown) => unknown) | (new (...given: never[]) => unknown);

function fail(message: string): never {
  throw new Error(message);
}

function ok(value: unknown, message = "It is not true."): void {
  if (!value) fail(message);
}

function equal(actual: unknown, expected: unknown, message?: string): void {
  ok(Object.is(actual, expected), message ?? `${show(actual)} is not ${show(expected)}`);
}

function notEqual(actual: unknown, expected: unknown): void {
  ok(!Object.is(actual, expected), `It is ${show(expected)}`);
}

function deepEqual(actual: unknown, expected: unknown, message?: string): void {
  ok(same(actual, expected), message ?? `${show(actual)} is not the same as ${show(expected)}`);
}

function match(actual: string, expected: RegExp): void {
  ok(expected.test(actual), `${show(actual)} does not match ${expected}`);
}

async function rejects(failing: Promise<unknown> | (() => Promise<unknown>), expected?: Expected): Promise<void> {
  try {
    await (typeof failing === "function" ? failing() : failing);
  } catch (caught) {
    return fits(caught, expected);
  }
  fail("It did not fail.");
}

function throws(failing: () => unknown, expected?: Expected): void {
  try {
    failing();
  } catch (caught) {
    return fits(caught, expected);
  }
  fail("It did not fail.");
}

function fits(error: unknown, expected: Expected | undefined): void {
  if (!expected) return;
  if (expected instanceof RegExp) return match(String(error), expected);
  if (typeof expected === "function") {
    const isClass = expected.prototype instanceof Error || expected === Error;
    if (isClass) return ok(error instanceof expected, `${error} is of another class`);
    return ok((expected as (error: unknown) => unknown)(error) === true, `${error} is another error`);
  }
  for (const [key, value] of Object.entries(expected)) deepEqual((error as Record<string, unknown>)[key], value);
}

function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Map || one instanceof Set) return same([...one], [...(other as typeof one)]);
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(other, key) && same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
  );
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

export default { deepEqual, equal, fail, match, notEqual, ok, rejects, throws };
