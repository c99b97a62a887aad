import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pretendBrowser } from './browser-globals';

beforeAll(pretendBrowser);

const registry = () => import('../src/shell/registry');
const find = async (path: string) => (await import('../src/shell/routes')).findRoute(path);
const throwaway = async () => (await import('./throwaway/manifest')).default;

let takeOut: (() => void) | undefined;
afterEach(() => takeOut?.());

/** With everything that the app has. */
async function withAll(): Promise<void> {
  takeOut = (await registry()).register(...(await import('../src/shell/list')).capabilities);
}

describe('the capabilities of the app', () => {
  it('have distinct addresses', async () => {
    await withAll();
    const patterns = (await registry()).routes().map(({ pattern }) => pattern.replaceAll(/:\w+/g, ':'));
    expect(patterns.length).toBeGreaterThan(15);
    expect(new Set(patterns).size).toBe(patterns.length);
  });

  it('have distinct shortcuts', async () => {
    await withAll();
    const pressed = (await registry()).keys().map(({ keys }) => keys.join(' '));
    expect(pressed).toContain('g l');
    expect(new Set(pressed).size).toBe(pressed.length);
  });

  it('name every panel of a slot differently, and every dialog once', async () => {
    const { capabilities } = await import('../src/shell/list');
    const panels = capabilities.flatMap(({ panels: slots }) => Object.entries(slots ?? {}).flatMap(([slot, some]) => some.map(({ name }) => `${slot} ${name}`)));
    const dialogs = capabilities.flatMap((manifest) => Object.keys(manifest.dialogs ?? {}));
    expect(new Set(panels).size).toBe(panels.length);
    expect(new Set(dialogs).size).toBe(dialogs.length);
  });
});

describe('a capability', () => {
  it('is added by its manifest alone, and gone without it', async () => {
    const { dialog, keys, onScreen, register, routes, textsOf } = await registry();
    const manifest = await throwaway();
    expect((await find('/e/camp/coffee')).route.pattern).toBe('');

    takeOut = register(manifest);
    const { route, params } = await find('/e/camp/coffee');
    expect(route).toBe(manifest.routes[0]);
    expect(params).toEqual({ slug: 'camp' });
    expect(keys().map(({ label }) => label())).toEqual(['Go for a coffee']);
    expect(onScreen()).toEqual(manifest.onScreen);
    expect(dialog('coffee')).toBe(manifest.dialogs.coffee);
    expect(textsOf(manifest.panels.organize[0]!.load)).toBe(manifest.texts);

    takeOut();
    expect(routes()).toEqual([]);
    expect(dialog('coffee')).toBeUndefined();
  });
});

describe('a change that the hub announces', () => {
  /** A fake connection that forwards announcements to its subscribers. */
  async function connection() {
    const listeners = new Map<string, (pushed: never) => void>();
    // The SDK decides when, and what was missed while disconnected: its own tests cover that.
    let asked: readonly string[] = [];
    const client = {
      on: (name: string, listen: (pushed: never) => void) => void listeners.set(name, listen),
      onEventChanged: (parts: readonly string[], listen: (change: never) => void) => {
        asked = parts;
        listeners.set('changed', listen);
      },
    };
    const { followConnection, register } = await registry();
    const read: string[] = [];
    const reads = (part: string) => async (): Promise<void> => void read.push(part);
    const both = reads('both');
    takeOut = register({ changed: { agenda: reads('agenda'), rooms: reads('rooms') } }, { changed: { event: both, ticket_types: both } });
    followConnection({ client, store: {} } as never);
    return { read, asked: () => asked, say: (name: string, pushed: unknown) => listeners.get(name)!(pushed as never) };
  }

  it('is read again, and nothing else', async () => {
    const { read, say } = await connection();
    say('changed', { parts: ['rooms'] });
    expect(read).toEqual(['rooms']);
    say('changed', { parts: ['event', 'ticket_types'] });
    expect(read).toEqual(['rooms', 'both']);
  });

  it('is subscribed to for every part that some capability reads, each once', async () => {
    const { asked } = await connection();
    expect([...asked()].sort()).toEqual(['agenda', 'event', 'rooms', 'ticket_types']);
  });
});
