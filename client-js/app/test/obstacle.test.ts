import { signal } from '@preact/signals';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sanction } from 'plenary-client';
import type { Live } from '../src/hub/live';
import type { Talk } from '../src/chat/talk';
import { pretendBrowser } from './browser-globals';

beforeAll(pretendBrowser);
afterEach(async () => void ((await import('../src/hub/live')).live.value = undefined));

/** The notice in place of the composer, for somebody who stands like this. */
async function obstacle(standing: Partial<Sanction>[], talk: Partial<Talk>): Promise<unknown> {
  vi.stubGlobal('document', { documentElement: {} });
  const { live } = await import('../src/hub/live');
  const { obstacleTo } = await import('../src/chat/obstacle');
  live.value = { standing: signal(standing), readOnly: signal(false) } as unknown as Live;
  return obstacleTo({ view: { state: signal(undefined) }, direct: false, moderator: false, ...talk } as unknown as Talk);
}

describe('the notice in place of the composer', () => {
  const inRoom = { room: 'hall' } as Partial<Talk>;
  const direct = { direct: true, room: undefined } as Partial<Talk>;
  const everywhere = { kind: 'time_out' } as Partial<Sanction>;
  const there = { kind: 'time_out', room: 'hall' } as Partial<Sanction>;

  it('stands wherever the hub takes nothing: for a time-out of the event in conversations, too', async () => {
    expect(await obstacle([everywhere], inRoom)).toBeDefined();
    expect(await obstacle([everywhere], direct)).toBeDefined();
    expect(await obstacle([there], inRoom)).toBeDefined();
  });

  it('does not stand where a time-out does not hold', async () => {
    expect(await obstacle([], direct)).toBeUndefined();
    expect(await obstacle([there], direct)).toBeUndefined();
    expect(await obstacle([there], { room: 'side' } as Partial<Talk>)).toBeUndefined();
    expect(await obstacle([{ ...everywhere, expires_at: 1 }], direct)).toBeUndefined();
  });
});
