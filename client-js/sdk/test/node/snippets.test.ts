// What the README shows for React, Vue and Svelte, each as a component around it, in a page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Plugin } from "esbuild";
import { compile } from "svelte/compiler";
import { browsers, bundleTests, compiled, missing, runIn, TIMEOUT } from "./browser.js";
import { startRelay } from "./relay.js";

/** The framework of each snippet, by the language that the README marks it with. */
const FRAMEWORKS = { jsx: "React", js: "Vue", svelte: "Svelte" };

type Language = keyof typeof FRAMEWORKS;

/** The snippets of the README's section. */
async function snippets(): Promise<Record<Language, string>> {
  const readme = await readFile(join(compiled, "../../README.md"), "utf8");
  const section = /^## React, Vue, Svelte$([^]*?)^## /m.exec(readme)?.[1] ?? "";
  const blocks = [...section.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, code]) => [language, code]);
  assert.deepEqual(blocks.map(([language]) => language), Object.keys(FRAMEWORKS));
  return Object.fromEntries(blocks);
}

/** The components as modules that export `mount`. */
function components({ jsx, js }: Record<Language, string>): Record<Language, string> {
  return {
    jsx: `
      import { useSyncExternalStore } from "react";
      import { createRoot } from "react-dom/client";
      function Room({ channel }) {
        ${jsx}
        return messages.map(({ client_id, text }) => <p key={client_id}>{text}</p>);
      }
      export function mount(target, channel) {
        const root = createRoot(target);
        root.render(<Room channel={channel} />);
        return () => root.unmount();
      }`,
    js: `
      import { createApp, h, onScopeDispose, shallowRef } from "@vue/runtime-dom";
      export function mount(target, channel) {
        const app = createApp({
          setup() {
            ${js}
            return () => room.value.messages.map(({ text }) => h("p", text));
          },
        });
        app.mount(target);
        return () => app.unmount();
      }`,
    svelte: `
      import * as runtime from "svelte";
      import Room from "component:svelte";
      export function mount(target, channel) {
        const room = runtime.mount(Room, { target, props: { channel } });
        return () => void runtime.unmount(room);
      }`,
  };
}

function compiledBy(modules: Record<string, string>): Plugin {
  return {
    name: "components",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^component:|^mount:/ }, ({ path }) => ({ path, namespace: "components" }));
      onLoad({ filter: /.*/, namespace: "components" }, ({ path }) => ({
        contents: modules[path]!,
        loader: "jsx",
        resolveDir: compiled,
      }));
    },
  };
}

async function bundleSnippets(): Promise<Uint8Array> {
  const code = await snippets();
  const source = `<script>const { channel } = $props();</script>\n${code.svelte}`;
  const modules = { "component:svelte": compile(source, { generate: "client", name: "Room", dev: true }).js.code };
  const lines = ['import { renders } from "./browser/renders.js";'];
  for (const [language, module] of Object.entries(components(code))) {
    const framework = FRAMEWORKS[language as Language];
    Object.assign(modules, { [`mount:${language}`]: module });
    lines.push(`import { mount as in${framework} } from "mount:${language}"; renders("${framework}", in${framework});`);
  }
  return bundleTests(lines.join("\n"), [compiledBy(modules)]);
}

for (const browser of browsers) {
  test(`the README's snippets in ${browser.name}`, { skip: missing(browser), timeout: TIMEOUT + 30_000 }, async (context) => {
    const relay = await startRelay(await bundleSnippets());
    try {
      const results = await runIn(browser, `${relay.address}?page`, relay.report());
      for (const { name, error } of results) {
        await context.test(name, () => {
          if (error) assert.fail(error);
        });
      }
      assert.equal(results.length, Object.keys(FRAMEWORKS).length);
    } finally {
      relay.close();
    }
  });
}
