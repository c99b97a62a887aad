import { beforeAll, describe, expect, it, vi } from 'vitest';

// The router reads the address when it is loaded.
beforeAll(() => vi.stubGlobal('location', { pathname: '/', search: '', hash: '' }));
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
});
