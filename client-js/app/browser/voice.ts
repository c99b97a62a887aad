import type { Page } from '@playwright/test';
import { Plenary } from 'plenary-client';
import WebSocket from 'ws';
import type { Hub } from './hub.ts';
import { slug } from './sample.ts';

/** A connection of the person signed in on the page, made from the test: for messages that need not be typed. */
export async function voiceOf(hub: Hub, page: Page): Promise<Plenary> {
  const ticket = async (): Promise<string> => {
    const answer = await page.request.post('/api/v1/tickets', { data: {} });
    return ((await answer.json()) as { ticket: string }).ticket;
  };
  const plenary = new Plenary({ url: `${hub.address}/ws`, event: slug, client: 'plenary-test', ticket, WebSocket });
  await plenary.connect();
  return plenary;
}
