import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };

/** The hub answers everything but the app, which comes from the folder it was built into. */
export async function serveBuilt(page: Page, folder: string): Promise<void> {
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (/^\/(api|pictures|ws|sdk)\b/.test(pathname)) return route.continue();
    const file = extname(pathname) ? pathname : 'index.html';
    await route.fulfill({ body: await readFile(join(folder, file)), contentType: types[extname(file)] ?? 'application/octet-stream' });
  });
}
