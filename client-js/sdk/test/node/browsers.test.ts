// The same tests in a page and in a worker of the browsers that Debian has.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { startRelay, type Result } from "./relay.js";

const TIMEOUT = 120_000;
/** What `tsc` has made of the tests. */
const compiled = join(import.meta.dirname, "..");

interface Browser {
  name: string;
  program: string;
  /** How it opens `address` with a fresh profile. */
  given(address: string, profile: string): string[];
}

const browsers: Browser[] = [
  {
    name: "Chromium",
    program: "/usr/bin/chromium",
    given: (address, profile) => [
      "--headless",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      `--user-data-dir=${profile}`,
      // Its sandbox is refused to root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      address,
    ],
  },
  {
    name: "Firefox",
    program: "/usr/bin/firefox-esr",
    given: (address, profile) => ["--headless", "--no-remote", "--profile", profile, address],
  },
];

/** Firefox asks nothing and reports nothing. */
const FIREFOX_SETTINGS = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.update.enabled", false);
`;

async function bundleTests(): Promise<Uint8Array> {
  const files = (await readdir(compiled)).filter((name) => name.endsWith(".test.js"));
  const lines = files.map((file) => `import "./${file}";`);
  const { outputFiles } = await build({
    stdin: { contents: `${lines.join("\n")}\nimport { run } from "node:test"; run();`, resolveDir: compiled },
    bundle: true,
    format: "esm",
    write: false,
    // The package says that its modules have no side effects; the tests have.
    ignoreAnnotations: true,
    define: { "process.env": "{}" },
    alias: {
      "node:test": join(compiled, "browser/test.js"),
      "node:assert/strict": join(compiled, "browser/assert.js"),
    },
    plugins: [
      {
        name: "listen",
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/listen\.js$/ }, () => ({ path: join(compiled, "browser/listen.js") })),
      },
    ],
  });
  return outputFiles[0]!.contents;
}

/** Opens `address` in a browser and waits for what it reports. */
async function runIn(browser: Browser, address: string, report: Promise<Result[]>): Promise<Result[]> {
  const profile = await mkdtemp(join(tmpdir(), "plenary-browser-"));
  await writeFile(join(profile, "user.js"), FIREFOX_SETTINGS);
  const env = { ...process.env, HOME: profile };
  const child = spawn(browser.program, browser.given(address, profile), { detached: true, stdio: "ignore", env });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${browser.name} reported nothing in ${TIMEOUT} ms.`)), TIMEOUT);
  });
  try {
    return await Promise.race([report, late]);
  } finally {
    clearTimeout(timer);
    // With all of its processes, which are a group of their own.
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

for (const browser of browsers) {
  const skip = existsSync(browser.program) ? false : `${browser.program} is missing (scripts/install-missing installs it)`;
  for (const where of ["page", "worker"]) {
    test(`all of it in a ${where} of ${browser.name}`, { skip, timeout: TIMEOUT + 30_000 }, async (context) => {
      const relay = await startRelay(await bundleTests());
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
