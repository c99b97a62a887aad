// In a page: whether what renders a channel shows it as it is, and stops when it is taken away.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../../src/index.js";
import { meetIn, until } from "../support/loopback.js";

/** What of a channel there is to render. */
export type Rendered = Pick<Channel, "snapshot" | "subscribe">;

/** Renders a paragraph for each message into `target`; what it returns takes that away. */
export type Mount = (target: Element, channel: Rendered) => () => void;

export function renders(framework: string, mount: Mount): void {
  test(`what the README shows for ${framework} renders a channel`, async (context) => {
    const complaints: unknown[][] = [];
    for (const how of ["error", "warn"] as const) {
      context.mock.method(console, how, (...given: unknown[]) => void complaints.push(given));
    }
    const { hub, plenary, channel } = await meetIn(context, "hall");
    hub.do("hall", (model) => model.fill(1));
    await until(channel, "update", () => channel.messages.length);

    let listeners = 0;
    const counted: Rendered = {
      get snapshot() {
        return channel.snapshot;
      },
      subscribe(listener) {
        const end = channel.subscribe(listener);
        listeners++;
        return () => {
          listeners--;
          end();
        };
      },
    };
    const target = document.body.appendChild(document.createElement("main"));
    const end = mount(target, counted);
    await shown(target, "Message 1");
    hub.do("hall", (model) => model.fill(1));
    await shown(target, "Message 1", "Message 2");
    hub.do("hall", (model) => model.change(1, { text: "Edited" }));
    await shown(target, "Edited", "Message 2");
    assert.ok(listeners > 0);

    end();
    await shown(target);
    // Some take their listener away a little later.
    await until(channel, "update", () => {
      hub.do("hall", (model) => model.fill(1));
      return listeners === 0;
    });
    await plenary.request("ping", {});
    assert.deepEqual(complaints, []);
    target.remove();
  });
}

/** Waits until the paragraphs are these. */
function shown(target: Element, ...texts: string[]): Promise<void> {
  const same = () => [...target.querySelectorAll("p")].map((row) => row.textContent).join("\n") === texts.join("\n");
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => check());
    const check = () => {
      if (!same()) return;
      observer.disconnect();
      resolve();
    };
    observer.observe(target, { childList: true, subtree: true, characterData: true });
    check();
  });
}
