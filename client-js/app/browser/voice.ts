import type { Page } from '@playwright/test';
import { Plenary } from 'plenary-client';
import WebSocket from 'ws';
import type { Hub } from './hub.ts';
import { slug } from './sample.ts';

/** The connection of whoever is signed in on the page, made from here: for talk that nobody has to be seen typing. */
export async function voiceOf(hub: Hub, page: Page): Promise<Plenary> {
  const ticket = async (): Promise<string> => {
    const answer = await page.request.post('/api/v1/tickets', { data: {} });
    return ((await answer.json()) as { ticket: string }).ticket;
  };
  const plenary = new Plenary({ url: `${hub.address}/ws`, event: slug, client: 'plenary-test', ticket, WebSocket });
  await plenary.connect();
  return plenary;
}
