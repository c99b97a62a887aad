import axe from 'axe-core';
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { Hub } from './hub.ts';

interface Fixtures {
  hub: Hub;
  /** A browser of one person; errors on its pages fail the test. */
  person: (options?: Parameters<import('@playwright/test').Browser['newContext']>[0]) => Promise<Page>;
}

/** Tests with a hub of their own and as many people's browsers as they need. */
export const test = base.extend<Fixtures>({
  hub: async ({}, use, info) => {
    const hub = await Hub.start();
    await use(hub);
    if (info.status !== info.expectedStatus) await info.attach('hub.log', { body: hub.log });
    await hub.stop();
  },

  person: async ({ browser, hub }, use) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: hub.address, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
      page.on('console', (message) => {
        // Error statuses are handled by the page, and some tests cut the network on purpose.
        const expected = /Failed to load resource|WebSocket connection to/.test(message.text());
        if (message.type() === 'error' && !expected) complaints.push(message.text());
      });
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(complaints, 'errors in the console').toEqual([]);
  },
});

export { expect };

/** No findings of axe against WCAG 2.2 AA on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const findings = await page.evaluate(async () => {
    const runner = (window as unknown as { axe: typeof axe }).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await runner.run(document, { runOnly: tags });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(' ')}\n  ${failureSummary ?? ''}`),
    );
  });
  expect(findings, `accessibility of ${page.url()}`).toEqual([]);
}
