import { PlenaryError, Rest } from 'plenary-client/rest';
import { signIn, slug, startSample } from './sample.ts';
import { expect, test } from './test.ts';

test('the REST client talks to the hub: lists, changes, files, refusals, what has not changed', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'organizer');
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const statuses: number[] = [];
  const counted: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    statuses.push(response.status);
    return response;
  };
  const rest = new Rest({ url: hub.address, headers: { cookie }, cache: 5, fetch: counted });

  const agenda = await rest.get('/events/{slug}/agenda', { slug });
  expect(await rest.get('/events/{slug}/agenda', { slug })).toEqual(agenda);
  expect(statuses).toEqual([200, 304]);

  const { items } = await rest.get('/events/{slug}/rooms', { slug });
  const [room, other] = items;
  const changed = await rest.patch('/events/{slug}/rooms/{id}', { slug, id: room!.id, body: { capacity: 40 } });
  expect(changed.capacity).toBe(40);
  expect(await rest.patch('/events/{slug}/rooms/{id}', { slug, id: room!.id, body: { capacity: null } })).not.toHaveProperty('capacity');

  const first = await rest.get('/events/{slug}/people', { slug, limit: 1 });
  const second = await rest.get('/events/{slug}/people', { slug, limit: 1, cursor: first.next! });
  expect(second.items[0]!.id).not.toBe(first.items[0]!.id);

  const picture = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d')!.fillRect(0, 0, 4, 8);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  expect((await rest.put('/me/picture', { body: new Uint8Array(picture) })).profile.picture).toContain('/pictures/');

  const refusal = (call: Promise<unknown>) => call.then(() => undefined, (error: unknown) => error);
  const taken = await refusal(rest.patch('/events/{slug}/rooms/{id}', { slug, id: room!.id, body: { name: other!.name } }));
  expect(taken).toBeInstanceOf(PlenaryError);
  expect(taken).toMatchObject({ code: 'room.name_taken', status: 409 });
  expect(await refusal(rest.patch('/events/{slug}', { slug, body: { title: ' ' } }))).toMatchObject({ code: 'request.invalid', field: 'title', status: 422 });
});
