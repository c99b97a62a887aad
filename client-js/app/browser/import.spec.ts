import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Hub } from './hub.ts';
import { signInByCommand } from './steps.ts';
import { expect, expectAccessible, test } from './test.ts';

const slug = 'files';
const olga = 'olga@conference.example';

const session = (number: number, more: object) => ({
  guid: `5a3b1c00-0000-4000-8000-00000000000${number}`, title: `Session ${number}`, date: `2026-03-28T1${number}:00:00+01:00`, duration: '00:30', persons: [], ...more,
});

const schedule = (...sessions: object[]): string =>
  JSON.stringify({ schedule: { conference: { title: 'Sample Days', time_zone_name: 'Europe/Berlin', days: [{ date: '2026-03-28', rooms: { Hall: sessions } }] } } });

const marked = session(1, {
  abstract: 'Bring a laptop.<br />Tea &amp; cake afterwards.',
  description:
    '<p>Read <a href="https://docs.example/paper">the paper</a> <b>first</b>.</p>\r\n<ul>\r\n<li>one</li>\r\n<li>two</li>\r\n</ul><blockquote>said</blockquote><pre>let a = 1;</pre><script>document.title = "run"</script><img src=x onerror="document.title=1">',
  persons: [{ id: 1, name: 'Ada', biography: 'Writes **Rust**, see https://docs.example/ada' }],
});

/** An event made of the schedule; its organizer is signed in. */
async function importedEvent(hub: Hub, page: Page, file: string): Promise<void> {
  await writeFile(file, schedule(marked, session(2, { description: 'Slides: https://docs.example/slides' })));
  await hub.run('import', 'schedule', file, '--event', slug);
  await hub.run('person', 'grant', olga, 'organizer');
  await signInByCommand(hub, page, olga);
}

test('what is marked up in a schedule reads as text, with links to follow', async ({ hub, person }, info) => {
  const page = await person();
  await importedEvent(hub, page, info.outputPath('schedule.json'));
  const answer = await page.request.get(`/api/v1/events/${slug}/agenda`);
  const { sessions } = (await answer.json()) as { sessions: { id: string; title: string }[] };
  const open = (title: string) => page.goto(`/e/${slug}/agenda/${sessions.find((one) => one.title === title)!.id}`);

  await open('Session 1');
  const body = page.locator('.agenda-session-body');
  await expect(body.locator('.agenda-session-abstract')).toHaveText('Bring a laptop.Tea & cake afterwards.');
  await expect(body.locator('.agenda-session-abstract br')).toHaveCount(1);
  await expect(body.getByRole('link', { name: 'the paper', exact: true })).toHaveAttribute('href', 'https://docs.example/paper');
  await expect(body.getByRole('link', { name: 'https://docs.example/ada' })).toBeVisible();
  await expect(body.locator('strong')).toHaveText(['first', 'Rust']);
  await expect(body.locator('.agenda-prose li')).toHaveText(['one', 'two']);
  await expect(body.locator('blockquote')).toHaveText('said');
  await expect(body.locator('pre')).toHaveText('let a = 1;');
  await expect(body).not.toContainText(/[<>]|&amp;|alert|document/);
  await expect(body.locator('script, img')).toHaveCount(0);
  await expect(page).toHaveTitle(/Session 1/);
  await expectAccessible(page);

  await open('Session 2');
  await expect(page.getByRole('link', { name: 'https://docs.example/slides' })).toHaveAttribute('href', 'https://docs.example/slides');
});

test('sessions with errors can be left out of an import', async ({ hub, person }, info) => {
  const page = await person();
  await importedEvent(hub, page, info.outputPath('schedule.json'));
  await page.goto(`/e/${slug}/organize/import`);
  const steps = page.getByRole('region', { name: 'Schedule' });
  const broken = schedule(marked, session(2, { duration: 'a while' }), session(3, {}));
  await steps.locator('input[type=file]').setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from(broken) });
  await expect(steps.getByText('"a while" is no duration like 01:30.')).toBeVisible();
  await steps.getByRole('button', { name: 'Leave these sessions out and check again' }).click();
  await expect(steps.getByRole('heading', { name: 'What would change' })).toBeVisible();
  await expect(steps.getByText('1 new session')).toBeVisible();
  await expect(steps.getByText('“Session 2”')).toBeVisible();
  await steps.getByRole('button', { name: 'Import now' }).click();
  await expect(steps.getByRole('heading', { name: 'Imported' })).toBeVisible();
});

test('what the columns of a table are taken for is seen and corrected before the import', async ({ hub, person }, info) => {
  const page = await person();
  await importedEvent(hub, page, info.outputPath('schedule.json'));
  await page.goto(`/e/${slug}/organize/import`);
  const steps = page.getByRole('region', { name: 'People' });
  const table = 'sep=;\nE-Mail;Wer;Bemerkung\namber@people.example;Amber One;x\n';
  await steps.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  const column = (name: string) => steps.getByRole('combobox', { name, exact: true });
  await expect(column('E-Mail')).toHaveValue('email');
  await expect(column('Wer')).toHaveValue('-');
  await expect(column('Bemerkung')).toHaveValue('-');
  await column('Wer').selectOption('name');
  await expect(column('Wer')).toHaveValue('name');
  await expectAccessible(page);
  await steps.getByRole('button', { name: 'Import now' }).click();
  await expect(steps.getByRole('heading', { name: 'Imported' })).toBeVisible();
  await expect(steps.getByText('1 new person')).toBeVisible();
});
