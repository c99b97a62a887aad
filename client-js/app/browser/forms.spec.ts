import { signIn, slug, startSample } from './sample.ts';
import { expect, expectAccessible, test } from './test.ts';

test('a form marks every field that the hub refuses, each with its reason', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'organizer');
  await page.goto(`/e/${slug}/organize/rooms`);
  const taken = (await page.locator('.item strong').first().textContent())!;
  await page.getByRole('button', { name: 'New room' }).click();
  const form = page.getByRole('dialog');
  const name = form.getByLabel('Name');
  const capacity = form.getByLabel('Capacity');

  // Neither is noticed by the browser.
  await name.fill('\u200b');
  await capacity.fill('99999999999');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(name).toBeFocused();
  await expect(name).toHaveAccessibleDescription(/it must not be empty/);
  await expect(capacity).toHaveAccessibleDescription(/cannot be used/);
  await expect(form.locator('[aria-invalid=true]')).toHaveCount(2);
  await expectAccessible(page);

  await name.fill(taken.toUpperCase());
  await capacity.fill('80');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(name).toHaveAccessibleDescription('Another room has this name.');
  await expect(form.locator('[aria-invalid=true]')).toHaveCount(1);
});

test('what is wrong in a list is marked at the field that holds the list', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person();
  await signIn(hub, page, 'organizer');
  await page.goto(`/e/${slug}/organize/questions`);
  await page.getByRole('button', { name: 'New question' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Question').fill('Which one?');
  await form.getByLabel('Type of answer').selectOption('choice');
  await form.getByLabel('Choices').fill(`one\n${'x'.repeat(201)}`);
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form.getByLabel('Choices')).toHaveAccessibleDescription(/at most 200 are allowed/);
});
