import { describe, expect, it } from 'vitest';
import { Plenary } from 'plenary-client';
import { ChannelView } from '../src/hub/channel-view';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A hub that lets people join or does not, as the test says. */
class Socket {
  static last: Socket;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose = null;
  onerror = null;
  allowed = true;
  joins = 0;

  constructor() {
    Socket.last = this;
    setTimeout(() => this.onopen?.());
  }

  say(line: object): void {
    this.onmessage?.({ data: JSON.stringify(line) });
  }

  send(frame: string): void {
    for (const line of frame.split('\n')) {
      const { id, op } = JSON.parse(line) as { id: number; op: string };
      if (op === 'hello') this.say({ reply: id, ok: { server_time: 0, unread: [], directs: [], standing: [], roles: [], ping_after_ms: 30_000 } });
      if (op !== 'channel.join') continue;
      this.joins++;
      const state = { head: 0, count: 0, people: 1, pinned: [], read: { seq: 0, unread: 0, mentions: 0 } };
      this.say({ reply: id, ...(this.allowed ? { ok: { state, messages: [], more: false, reset: true } } : { error: { code: 'moderation.banned', message: 'No.' } }) });
    }
  }

  close(): void {}
}

async function joined(): Promise<{ view: ChannelView; hub: Socket; client: Plenary }> {
  const client = new Plenary({ url: 'ws://hub.example/ws', event: 'camp', WebSocket: Socket as never });
  await client.connect();
  const view = new ChannelView(client, 'hall');
  await settled();
  expect(view.status.value).toBe('live');
  return { view, hub: Socket.last, client };
}

describe('a channel that was taken away', () => {
  const ban = { kind: 'ban', room: 'hall' };

  it('is joined again once the ban is lifted, and not before', async () => {
    const { view, hub, client } = await joined();
    hub.allowed = false;
    hub.say({ push: 'removed', channel: 'hall', data: { code: 'moderation.banned', message: 'No.' } });
    hub.say({ push: 'standing', data: { sanctions: [ban] } });
    await settled();
    expect([view.status.value, view.problem.value]).toMatchObject(['removed', { code: 'moderation.banned' }]);
    hub.allowed = true;
    hub.say({ push: 'standing', data: { sanctions: [] } });
    await settled();
    expect([view.status.value, view.problem.value]).toEqual(['live', undefined]);
    client.close();
  });

  it('is joined again with a role that allows it', async () => {
    const { view, hub, client } = await joined();
    hub.say({ push: 'removed', channel: 'hall', data: { code: 'permission.denied', message: 'No.' } });
    await settled();
    hub.say({ push: 'roles', data: { roles: [], read_only: false } });
    await settled();
    expect(view.status.value).toBe('live');
    client.close();
  });

  it('is left alone while it is there, and when one has left', async () => {
    const { view, hub, client } = await joined();
    hub.say({ push: 'standing', data: { sanctions: [] } });
    await settled();
    expect(hub.joins).toBe(1);
    hub.say({ push: 'removed', channel: 'hall', data: { code: 'moderation.banned', message: 'No.' } });
    view.leave();
    hub.say({ push: 'standing', data: { sanctions: [] } });
    await settled();
    expect(hub.joins).toBe(1);
    client.close();
  });

  it('is asked for once at a time', async () => {
    const { view, hub, client } = await joined();
    hub.say({ push: 'removed', channel: 'hall', data: { code: 'moderation.banned', message: 'No.' } });
    hub.say({ push: 'standing', data: { sanctions: [] } });
    hub.say({ push: 'roles', data: { roles: [], read_only: false } });
    await settled();
    expect([hub.joins, view.status.value]).toEqual([2, 'live']);
    client.close();
  });
});
