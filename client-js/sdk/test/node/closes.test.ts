// The table of close codes in the protocol's document, and what this client does at each of them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isFinal } from "../../src/backoff.js";

const document = join(import.meta.dirname, "../../../../../docs/protocol.md");

test("the client comes back by itself after exactly those closes of which the protocol says so", async () => {
  const text = await readFile(document, "utf8");
  const table = text.slice(text.indexOf("### Close codes"));
  const rows = [...table.matchAll(/^\| (\d{4}) \| .* \| (.*) \|$/gm)];
  assert.ok(rows.length > 10);
  for (const [, code, policy] of rows) assert.equal(isFinal(Number(code)), policy === "not automatically", code);
});
