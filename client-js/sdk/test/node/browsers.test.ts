// The same tests in a page and in a worker of the browsers that Debian has.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { browsers, bundleTests, compiled, missing, runIn, TIMEOUT } from "./browser.js";
import { startRelay } from "./relay.js";

async function bundleAll(): Promise<Uint8Array> {
  const files = (await readdir(compiled)).filter((name) => name.endsWith(".test.js"));
  return bundleTests(files.map((file) => `import "./${file}";`).join("\n"));
}

for (const browser of browsers) {
  for (const where of ["page", "worker"]) {
    test(`all of it in a ${where} of ${browser.name}`, { skip: missing(browser), timeout: TIMEOUT + 30_000 }, async (context) => {
      const relay = await startRelay(await bundleAll());
      try {
        const results = await runIn(browser, `${relay.address}?${where}`, relay.report());
        assert.ok(results.length > 100, `Only ${results.length} tests ran.`);
        for (const { name, error } of results) {
          await context.test(name, () => {
            if (error) assert.fail(error);
          });
        }
      } finally {
        relay.close();
      }
    });
  }
}
