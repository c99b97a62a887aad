import { beforeAll, describe, expect, it, vi } from 'vitest';

// The router reads the address when it is loaded.
const here = 'https://hub.example/sign-in';
beforeAll(() => vi.stubGlobal('location', { pathname: '/', search: '', hash: '', href: here, origin: 'https://hub.example' }));
const router = () => import('../src/lib/router');

describe('routes', () => {
  it('give the named parts of a path', async () => {
    const { match } = await router();
    expect(match('/e/:slug/rooms/:room', '/e/camp/rooms/7')).toEqual({ slug: 'camp', room: '7' });
    expect(match('/e/:slug', '/e/caf%C3%A9/')).toEqual({ slug: 'café' });
    expect(match('/', '/')).toEqual({});
  });

  it('do not match longer, shorter or malformed paths', async () => {
    const { match } = await router();
    expect(match('/e/:slug', '/e/camp/lobby')).toBeUndefined();
    expect(match('/e/:slug/lobby', '/e/camp')).toBeUndefined();
    expect(match('/e/:slug', '/e/%E0%A4')).toBeUndefined();
  });
});

describe('the way back after signing in', () => {
  it('stays in the app', async () => {
    const { safeNext } = await router();
    expect(safeNext('/e/camp/lobby?x=1', '/')).toBe('/e/camp/lobby?x=1');
    for (const bad of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', null]) expect(safeNext(bad, '/')).toBe('/');
  });

  it('stays on the hub in whatever way an address hides another', async () => {
    const { safeNext } = await router();
    for (const gap of ['\t', '\n', '\r', '\r\n', '\t/', '\n\\', '/\t', '\\\t', '/', '\\', '//', '/\\']) {
      for (const bad of [`/${gap}/evil.example`, `/${gap}\\evil.example`, `${gap}//evil.example`]) expect(safeNext(bad, '/'), JSON.stringify(bad)).toBe('/');
    }
    for (const bad of ['//', '///', '/\t/', '//[', ' //evil.example', '//evil.example:443/x', '//user@evil.example']) expect(safeNext(bad, '/'), JSON.stringify(bad)).toBe('/');
    for (const good of ['/%2Fevil.example', '/%5Cevil.example', '/%09/evil.example', '/.//evil.example', '/x//evil.example', '/e/camp?next=//evil.example#//a', '/@evil.example']) {
      const next = safeNext(good, '/');
      expect(new URL(next, here).origin, good).toBe('https://hub.example');
    }
    expect(safeNext('/e/camp?next=//x#a', '/')).toBe('/e/camp?next=//x#a');
  });

  it('is a path that the hub takes', async () => {
    const { safeNext } = await router();
    for (const bad of ['/e/camp\t', '/e/\tcamp', '/e/camp\n/lobby', '/e/summer camp', '/e/camp\u00a0', '/e\\camp']) expect(safeNext(bad, '/'), JSON.stringify(bad)).toBe('/');
    expect(safeNext('/e/café/räume?q=ü#ä', '/')).toBe('/e/café/räume?q=ü#ä');
  });
});
