// The REST client, against an HTTP server that answers what a test says.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { text } from "node:stream/consumers";
import { PlenaryError, Rest, type RestOptions } from "../../src/rest.js";

interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

interface Said {
  status?: number;
  type?: string;
  tag?: string;
  body?: string;
}

/** A server that answers every request with what `answer` says, the client for it, and what was asked. */
async function hub(context: TestContext, answer: (asked: Asked) => Said, options: RestOptions = {}) {
  const asked: Asked[] = [];
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, headers, body: await text(request) });
    const { status = 200, type = "application/json", tag, body = "{}" } = answer(asked.at(-1)!);
    response.writeHead(status, { "content-type": type, ...(tag && { etag: tag }) });
    response.end(status === 204 || status === 304 ? undefined : body);
  };
  const server = createServer((request, response) => void reply(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { rest: new Rest({ url, ...options }), asked };
}

const failure = (promise: Promise<unknown>): Promise<PlenaryError> =>
  promise.then(
    () => assert.fail("It went well."),
    (error: unknown) => (error instanceof PlenaryError ? error : assert.fail(String(error))),
  );

test("parts of the path and parameters are escaped, and what has no value is left out", async (context) => {
  const { rest, asked } = await hub(context, () => ({ body: '{"items":[]}' }));
  const page = await rest.get("/events/{slug}/people", { slug: "a/b ?", search: "Zoë & Co", cursor: "", limit: 20 });
  assert.deepEqual(page, { items: [] });
  assert.equal(asked[0]!.method, "GET");
  assert.equal(asked[0]!.url, "/api/v1/events/a%2Fb%20%3F/people?search=Zo%C3%AB+%26+Co&limit=20");
  assert.equal(asked[0]!.headers["content-type"], undefined);
});

test("a parameter may be given several times", async (context) => {
  const { rest, asked } = await hub(context, () => ({}));
  const map = ["Name=name", "Mail=email"];
  await rest.post("/events/{slug}/import/people", { slug: "camp", dry_run: true, map, body: "Name,Mail\n" });
  assert.equal(asked[0]!.url, "/api/v1/events/camp/import/people?dry_run=true&map=Name%3Dname&map=Mail%3Demail");
  assert.equal(asked[0]!.body, "Name,Mail\n");
});

test("a body goes as JSON, a file as it is with its own type", async (context) => {
  const { rest, asked } = await hub(context, () => ({}));
  await rest.patch("/events/{slug}/rooms/{id}", { slug: "camp", id: "1", body: { capacity: null, locked: true } });
  assert.equal(asked[0]!.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(asked[0]!.body), { capacity: null, locked: true });

  await rest.put("/me/picture", { body: new Blob(["picture"], { type: "image/webp" }) });
  await rest.put("/me/picture", { body: new TextEncoder().encode("bytes") });
  assert.equal(asked[1]!.headers["content-type"], "image/webp");
  assert.deepEqual(asked.slice(1).map(({ method }) => method), ["PUT", "PUT"]);
  assert.deepEqual(asked.slice(1).map(({ body }) => body), ["picture", "bytes"]);
});

test("an answer is what it says: nothing, or a table", async (context) => {
  const table = { type: "text/csv", body: "1,2" };
  const { rest } = await hub(context, ({ method }) => (method === "PUT" ? { status: 204 } : table));
  assert.equal(await rest.put("/events/{slug}/stars/{id}", { slug: "camp", id: "1" }), undefined);
  assert.equal(await rest.get("/events/{slug}/export/people.csv", { slug: "camp" }), "1,2");
});

test("a problem is thrown with all that it says", async (context) => {
  const problem = { type: "about:blank", title: "", status: 422, code: "request.invalid", detail: "Please mend this." };
  const errors = [{ field: "name", message: "It is empty." }, { row: "2", message: "It is too long." }];
  const body = JSON.stringify({ ...problem, field: "title", errors, retry_after_ms: 2_000 });
  const { rest } = await hub(context, () => ({ status: 422, type: "application/problem+json", body }));
  const error = await failure(rest.get("/me"));
  const { code, message, field, status, retryAfter } = error;
  assert.deepEqual([code, message, field], ["request.invalid", "Please mend this.", "title"]);
  assert.deepEqual([status, retryAfter], [422, 2_000]);
  assert.deepEqual(error.errors, errors);
});

test("a proxy's page is no answer, whatever its status", async (context) => {
  let status = 502;
  const { rest } = await hub(context, () => ({ status, type: "text/html", body: "<h1>Bad gateway</h1>" }));
  const refused = await failure(rest.get("/me"));
  assert.deepEqual([refused.code, refused.status], ["http.502", 502]);
  status = 200;
  const portal = await failure(rest.get("/me"));
  assert.deepEqual([portal.code, portal.status], ["http.200", 200]);
});

test("no answer is an error with its cause, giving up is not", async () => {
  const cause = new TypeError("fetch failed");
  const rest = new Rest({ fetch: () => Promise.reject(cause) });
  const error = await failure(rest.get("/me"));
  assert.deepEqual([error.code, error.status, error.cause], ["network.unreachable", 0, cause]);

  const stop = new AbortController();
  const waiting = new Rest({
    fetch: (_, { signal } = {}) =>
      new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason as Error))),
  });
  const asked = waiting.get("/events", { signal: stop.signal });
  stop.abort(cause);
  await assert.rejects(asked, cause);
});

test("what is kept is sent again only when it has changed, and the oldest makes room", async (context) => {
  let tag = '"1"';
  const answer = ({ headers }: Asked): Said =>
    headers["if-none-match"] === tag ? { status: 304, tag } : { tag, body: `{"items":[${tag}]}` };
  const { rest, asked } = await hub(context, answer, { cache: 1, headers: { cookie: "plenary=1" } });
  const first = await rest.get("/events/{slug}/rooms", { slug: "camp" });
  const again = await rest.get("/events/{slug}/rooms", { slug: "camp" });
  assert.deepEqual(again, first);
  assert.notEqual(again, first, "who changes an answer changes no other");
  tag = '"2"';
  assert.deepEqual(await rest.get("/events/{slug}/rooms", { slug: "camp" }), { items: ["2"] });
  await rest.get("/events", {});
  await rest.get("/events/{slug}/rooms", { slug: "camp" });
  const tags = asked.map(({ headers }) => headers["if-none-match"]);
  assert.deepEqual(tags, [undefined, '"1"', '"1"', undefined, undefined]);
  assert.ok(asked.every(({ headers }) => headers.cookie === "plenary=1"));
});

test("without a cache every question is asked plainly, for the browser's cache to answer", async (context) => {
  const { rest, asked } = await hub(context, () => ({ tag: '"1"' }));
  await rest.get("/me");
  await rest.get("/me");
  assert.deepEqual(asked.map(({ headers }) => headers["if-none-match"]), [undefined, undefined]);
});
