import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** The hub serves its page, but with scripts and styles from the folder of another build. */
export async function serveBuilt(page: Page, folder: string): Promise<void> {
  const chunks = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8')) as Record<string, { file: string }>;
  const entry = chunks['index.html']!.file;
  await page.route('/assets/*.js', async (route) => {
    const { pathname } = new URL(route.request().url());
    const code = await readFile(join(folder, pathname), 'utf8').catch(() => `import '/${entry}';`);
    await route.fulfill({ body: code, contentType: 'text/javascript' });
  });
  await page.route('/assets/*.css', async (route) => {
    const { pathname } = new URL(route.request().url());
    const style = await readFile(join(folder, pathname)).catch(() => undefined);
    await (style ? route.fulfill({ body: style, contentType: 'text/css' }) : route.continue());
  });
}
