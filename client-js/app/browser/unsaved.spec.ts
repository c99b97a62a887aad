import { signIn, slug, startSample } from './sample.ts';
import { expect, test } from './test.ts';

test('unsaved changes are asked about before they are lost', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ viewport: { width: 1280, height: 800 } });
  await signIn(hub, page, 'attendee');
  const places = page.getByRole('navigation', { name: 'Main' });
  await page.goto(`/e/${slug}/lobby`);
  await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
  const own = page.locator('.sidebar-me');
  await own.click();
  const about = page.getByLabel('About');
  const asked: string[] = [];
  let answer = false;
  page.on('dialog', async (dialog) => {
    asked.push(dialog.type());
    await (answer ? dialog.accept() : dialog.dismiss());
  });

  await test.step('unchanged, the page is simply left', async () => {
    await expect(about).toBeVisible();
    await places.getByRole('link', { name: 'Lobby' }).click();
    await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
    await own.click();
    expect(asked).toEqual([]);
  });

  await test.step('changed, and it is not to be left', async () => {
    await about.fill('I build bridges.');
    await places.getByRole('link', { name: 'Lobby' }).click();
    await expect.poll(() => asked).toEqual(['confirm']);
    await expect(about).toHaveValue('I build bridges.');
    await expect(page).toHaveURL(/\/profile$/);
  });

  await test.step('the same for the way back', async () => {
    await page.evaluate(() => history.back());
    await expect.poll(() => asked).toEqual(['confirm', 'confirm']);
    await expect(page).toHaveURL(/\/profile$/);
    await expect(about).toHaveValue('I build bridges.');
  });

  await test.step('and for closing the page', async () => {
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['confirm', 'confirm', 'beforeunload']);
    await expect(about).toHaveValue('I build bridges.');
  });

  await test.step('saved, there is nothing to ask', async () => {
    await page.getByRole('button', { name: 'Save' }).first().click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await places.getByRole('link', { name: 'Lobby' }).click();
    await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
    expect(asked.length).toBe(3);
  });

  await test.step('a language is a change, too, and can be given up', async () => {
    await own.click();
    await page.getByLabel('Languages').selectOption({ index: 3 });
    answer = true;
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Lobby', level: 1 })).toBeVisible();
    expect(asked.length).toBe(4);
    await own.click();
    await expect(about).toHaveValue('I build bridges.');
  });
});

test('a dialog stays open when text is selected beyond its edge', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ viewport: { width: 1280, height: 800 } });
  await signIn(hub, page, 'organizer');
  await page.goto(`/e/${slug}/organize/rooms`);
  await page.getByRole('button', { name: 'New room' }).click();
  const dialog = page.getByRole('dialog');
  const name = dialog.getByLabel('Name');
  await name.fill('A name that took some time');
  const { x, y, height } = (await name.boundingBox())!;
  const drag = async (from: [number, number], to: [number, number]): Promise<void> => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 3 });
    await page.mouse.up();
  };
  const inside: [number, number] = [x + 60, y + height / 2];
  await drag(inside, [20, 400]);
  await expect(name).toHaveValue('A name that took some time');
  await drag([20, 400], inside);
  await expect(name).toHaveValue('A name that took some time');
  await page.mouse.click(20, 400);
  await expect(dialog).toBeHidden();
});

test('when another release has taken the place of this one, a reload is offered', async ({ hub, person }) => {
  await startSample(hub);
  const page = await person({ viewport: { width: 1280, height: 800 } });
  await signIn(hub, page, 'organizer');
  await page.goto(`/e/${slug}/lobby`, { waitUntil: 'networkidle' });
  const places = page.getByRole('navigation', { name: 'Main' });

  // Its files have other names, and those of this one are gone.
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' }));
  await page.route((url) => url.pathname === '/', (route) => route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/assets/index-other.js"></script>' }));

  await places.getByRole('link', { name: 'Agenda' }).click();
  const told = page.getByRole('alert');
  await expect(told).toContainText('There is a new version of this page.');
  await page.getByRole('button', { name: 'Theme, Language' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('There is a new version of this page.');
  await page.unrouteAll();
  await told.getByRole('button', { name: 'Reload page' }).click();
  await expect(page.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();
  await expect(page.locator('.agenda-row').first()).toBeVisible();

  // Without a network it is not said.
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.route((url) => url.pathname === '/', (route) => route.abort());
  await places.getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached.');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'People', level: 1 })).toBeVisible();
});
