// A browser that Debian has, for tests that need a page: what it loads, and how it is opened.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import type { Result } from "./relay.js";

/** How long a browser may take for all of its tests. */
export const TIMEOUT = 120_000;
/** What `tsc` has made of the tests. */
export const compiled = join(import.meta.dirname, "..");

export interface Browser {
  name: string;
  program: string;
  /** How it opens `address` with a fresh profile. */
  given(address: string, profile: string): string[];
}

export const browsers: Browser[] = [
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

/** Vue asks its bundler for them. */
const VUE_FLAGS = {
  __VUE_OPTIONS_API__: "false",
  __VUE_PROD_DEVTOOLS__: "false",
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
};

/** Why it cannot be used here, if so. */
export function missing({ program }: Browser): string | false {
  return existsSync(program) ? false : `${program} is missing (scripts/install-missing installs it)`;
}

/** Bundles tests for a browser: `contents` is the module that imports them, seen from the folder of the tests. */
export async function bundleTests(contents: string, plugins: Plugin[] = []): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: `${contents}\nimport { run } from "node:test"; run();`, resolveDir: compiled },
    bundle: true,
    format: "esm",
    jsx: "automatic",
    write: false,
    // The package says that its modules have no side effects; the tests have.
    ignoreAnnotations: true,
    define: { "process.env": "{}", ...VUE_FLAGS },
    alias: {
      "node:test": join(compiled, "browser/test.js"),
      "node:assert/strict": join(compiled, "browser/assert.js"),
    },
    plugins: [
      ...plugins,
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
export async function runIn(browser: Browser, address: string, report: Promise<Result[]>): Promise<Result[]> {
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
