import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { signIn, slug, type Part } from './sample.ts';
import { voiceOf } from './voice.ts';

/** A visitor of pages; a stranger has not signed in. */
export type Reader = 'stranger' | Part;

/** The pages for people who have not signed in. */
const outside = ['/', '/sign-in', `/sign-in?event=${slug}`, '/reset-password', `/reset-password?event=${slug}`, '/confirm', `/e/${slug}`, `/e/${slug}/register`, '/no/such/page'];
const organized = ['rooms', 'tickets', 'questions', 'import', 'roles', 'registrations'];

/** Every page for this reader, who signs in first, using objects of the sample conference. */
export async function addressesOf(reader: Reader, hub: Hub, page: Page): Promise<string[]> {
  if (reader === 'stranger') return outside;
  await signIn(hub, page, reader);
  const read = async <T>(path: string): Promise<T> => (await (await page.request.get(`/api/v1/events/${slug}/${path}`)).json()) as T;
  const { items: rooms } = await read<{ items: { id: string }[] }>('rooms');
  const { sessions } = await read<{ sessions: { id: string }[] }>('agenda');
  const { items: people } = await read<{ items: { id: string; name: string }[] }>('people');
  const own = reader === 'moderator' ? ['/moderate'] : ['/moderate', '/organize', ...organized.map((section) => `/organize/${section}`)];
  const inside = [
    '', '/lobby', '/agenda', `/agenda/${sessions[0]?.id}`, '/rooms', `/rooms/${rooms[0]?.id}`, '/messages',
    `/messages/${await conversation(hub, page, people.map(({ id }) => id))}`, '/people', `/people/${people[0]?.id}`, '/profile',
    ...(reader === 'attendee' ? [] : own),
  ];
  return ['/', '/create', ...inside.map((path) => `/e/${slug}${path}`)];
}

/** A conversation with a message, with the first two other people. */
async function conversation(hub: Hub, page: Page, people: readonly string[]): Promise<string> {
  const plenary = await voiceOf(hub, page);
  const others = people.filter((id) => id !== plenary.person?.id).slice(0, 2);
  const { channel } = await plenary.directs.open(others);
  const talk = await plenary.join(channel);
  await talk.send('Shall we meet at the entrance after the last talk? I bring https://example.org/a-rather-long-address-without-any-space.');
  plenary.close();
  return channel;
}
