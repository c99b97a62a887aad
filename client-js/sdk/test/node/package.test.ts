// What is published: small enough, complete, and usable with strict types.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

interface Package {
  exports: Record<string, { types: string; default: string }>;
}

interface ApiReport {
  apiReport(): string;
}

const run = promisify(execFile);
/** The package's folder; the tests run in build/test/node. */
const folder = join(import.meta.dirname, "../../..");
/** What each entry may have, minified and compressed with everything it imports, in bytes. */
const BUDGETS: Record<string, number> = {
  ".": 8 * 1024,
  "./rest": 2 * 1024,
};

test("every entry keeps its budget, minified and compressed", async () => {
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Package;
  for (const [entry, { default: file }] of Object.entries(exports)) {
    const budget = BUDGETS[entry];
    assert.ok(budget, `Please give the entry ${entry} a budget in this test.`);
    const { outputFiles } = await build({
      entryPoints: [join(folder, file)],
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
    });
    const bytes = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
    assert.ok(bytes <= budget, `${entry} has ${bytes} bytes; ${budget} are allowed.`);
  }
});

test("what is not used of the package is left out of a bundle", async () => {
  const contents = 'import { PlenaryError } from "./dist/index.js"; throw new PlenaryError("a", "b")';
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  assert.ok(outputFiles[0]!.contents.length < 800);
});

test("only the built files, what explains them and the description are packed", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: folder });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  const others = packed!.files.map(({ path }) => path).filter((path) => !/^dist\/[a-z-]+\.(d\.ts|js|js\.map)$/.test(path));
  assert.deepEqual(others.sort(), ["CHANGELOG.md", "README.md", "package.json"]);
});

test("the public interface is the one of the committed report", async () => {
  const { apiReport } = (await import(pathToFileURL(join(folder, "scripts/api-report.js")).href)) as ApiReport;
  const committed = await readFile(join(folder, "api.md"), "utf8");
  const advice = "The public interface has changed: if that is meant, run `npm run api` and say so in CHANGELOG.md.";
  assert.equal(apiReport(), committed, advice);
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("a strict program is checked against the types, and sees nothing internal", async (context) => {
  const program = await mkdtemp(join(folder, "build/program-"));
  context.after(() => rm(program, { recursive: true }));
  await writeFile(join(program, "program.ts"), PROGRAM);
  await writeFile(join(program, "package.json"), '{"type":"module"}');
  const options = "--noEmit --ignoreConfig --strict --exactOptionalPropertyTypes --module nodenext --target es2022";
  const checked = run("npx", ["tsc", ...options.split(" "), "--lib", "es2022,dom", "program.ts"], { cwd: program });
  await checked.catch(({ stdout }: { stdout: string }) => assert.fail(stdout));
});

const PROGRAM = `
import { Plenary, PlenaryError, type Channel, type Grant, type HelloAnswer, type Role, type ChatMessage, type Runtime } from "plenary-client";
import { Rest, type Page, type RegistrationEntry } from "plenary-client/rest";

const plenary = new Plenary({ event: "camp", ticket: async () => "ticket" });
plenary.on("state", (state) => state.status === "waiting" && state.retryAt.toFixed());
const channel: Channel = await plenary.join("hall", { signal: AbortSignal.timeout(1_000) });
for (const message of channel.messages satisfies readonly ChatMessage[]) {
  if (message.pending) message.error satisfies PlenaryError | undefined;
  else message.seq.toFixed();
}
plenary.roles satisfies readonly Grant[];
plenary.roles[0]?.role satisfies Role | undefined;
(await plenary.ready({ signal: AbortSignal.timeout(1_000) })) satisfies HelloAnswer;
plenary.onPush("tick", ({ people }, channel) => people.toFixed() + channel);
plenary.onEventChanged(["agenda"], ({ parts }) => parts.join());
channel.subscribe(({ messages, state }) => messages.length + state.people);
// @ts-expect-error a snapshot cannot be changed
channel.snapshot.messages = [];
const off: () => void = channel.on("message", ({ text }) => text?.trim());
plenary.unread.get("hall")?.mentions.toFixed();
plenary.directs.on("update", (list) => list[0]?.people.length.toFixed());
const { people, next } = await plenary.request("channel.people", { channel: "hall" });
people[0]?.badge satisfies "speaker" | string | undefined;
next satisfies string | undefined;
export type Injected = Partial<Runtime>;
const rest = new Rest({ url: "https://conference.example" });
const [first] = (await rest.get("/events", { signal: AbortSignal.timeout(1_000) })).items;
first?.starts_at.toFixed();
const page: Page<RegistrationEntry> = await rest.get("/events/{slug}/registrations", { slug: "camp", status: "pending" });
page.items[0]?.person.name.trim();
page.items[0]?.ticket_type satisfies string | undefined;
(await rest.put("/events/{slug}/stars/{id}", { slug: "camp", id: "1" })) satisfies undefined;
await rest.patch("/events/{slug}/rooms/{id}", { slug: "camp", id: "1", body: { capacity: null } });
// @ts-expect-error a part of the path is missing
void rest.get("/events/{slug}/rooms");
// @ts-expect-error there is no such status
void rest.get("/events/{slug}/registrations", { slug: "camp", status: "nonsense" });
// @ts-expect-error there is no such field
void rest.post("/sign-in/guest", { body: { event: "camp", nonsense: 1 } });
// @ts-expect-error there is no such parameter
void rest.get("/events", { nonsense: 1 });
// @ts-expect-error there is no such operation
void rest.delete("/events");
// @ts-expect-error there is no such event
channel.on("nonsense", off);
// @ts-expect-error there is no such operation
void plenary.request("channel.nonsense", {});
// @ts-expect-error this is not for users
plenary.outbox;
// @ts-expect-error there is no such push
plenary.onPush("nonsense", off);
// @ts-expect-error this is not for users
plenary.pushed;
`;
