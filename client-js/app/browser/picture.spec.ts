import type { Page } from '@playwright/test';
import { signIn, slug, startSample } from './sample.ts';
import { expect, test } from './test.ts';

/** A photo like that of a camera held upright: rotated, with its orientation in the metadata. */
async function photo(page: Page): Promise<Buffer> {
  const lying = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(6000, 4000);
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'red';
    context.fillRect(0, 0, 3000, 4000);
    context.fillStyle = 'blue';
    context.fillRect(3000, 0, 3000, 4000);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())];
  });
  // Exif with one entry: the left of the file is the top of the picture (orientation 6).
  const exif = Buffer.from('ffe10022' + '457869660000' + '4d4d002a00000008' + '0001' + '01120003000000010006' + '0000' + '00000000', 'hex');
  return Buffer.concat([Buffer.from(lying.slice(0, 2)), exif, Buffer.from(lying.slice(2))]);
}

/** The size of a picture from the hub, and its colours at top and bottom. */
async function looks(page: Page, address: string) {
  return page.evaluate(async (from) => {
    const picture = await createImageBitmap(await (await fetch(from)).blob());
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const colour = (y: number): string => {
      const [red = 0, , blue = 0] = context.getImageData(picture.width >> 1, y, 1, 1).data;
      return red > blue ? 'red' : 'blue';
    };
    return { width: picture.width, height: picture.height, top: colour(5), bottom: colour(picture.height - 5) };
  }, address);
}

test('a large photo becomes a small upright picture; anything but a picture is refused', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'attendee');
  await page.goto(`/e/${slug}/profile`);
  const chooser = page.getByLabel('Choose a picture');

  await chooser.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('these are notes') });
  await expect(page.getByRole('alert')).toContainText('cannot read this file as a picture');

  await chooser.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await photo(page) });
  const shown = page.getByRole('main').locator('.avatar[data-size="huge"] img');
  await expect(shown).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(await looks(page, (await shown.getAttribute('src'))!)).toEqual({ width: 512, height: 512, top: 'red', bottom: 'blue' });
});
