import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { WebSocket } from "ws";
import { Plenary } from "../src/index.js";
import { Hub } from "./support/hub.js";

async function meet(context: TestContext): Promise<{ hub: Hub; plenary: Plenary }> {
  const hub = await Hub.start();
  const plenary = new Plenary({ url: hub.url, event: "camp", WebSocket });
  context.after(async () => {
    plenary.close();
    await hub.stop();
  });
  return { hub, plenary };
}

test("a message appears at once and settles", async (context) => {
  const { hub, plenary } = await meet(context);
  await plenary.connect();
  const channel = await plenary.join("hall");
  const sent = channel.send("Hello");
  assert.deepEqual(channel.messages.map(({ text, pending }) => [text, pending]), [["Hello", "sending"]]);
  assert.equal((await sent).seq, 1);
  await hub.until(() => hub.channel("hall").head === 1);
  assert.deepEqual(channel.messages.map(({ text, pending, seq }) => [text, pending, seq]), [["Hello", undefined, 1]]);
});
