import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// Debian's own browser: the tests download nothing.
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (executablePath === undefined) throw new Error('Chromium is missing: apt-get install chromium');

/** Whole-system tests: the real hub, the built web app, a real browser. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../../test-results',
  // Each test starts a hub and pages of several browsers; two of them fill a small machine.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-GB',
    // A step that cannot be done fails by itself, instead of by the timeout of the whole test.
    actionTimeout: 15_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
      ],
    },
  },
});
