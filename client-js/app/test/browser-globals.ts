import { vi } from 'vitest';

/** What modules ask of a browser when they are loaded, for tests that load the whole app outside of one. */
export function pretendBrowser(): void {
  vi.stubGlobal('location', { pathname: '/', search: '', hash: '', href: 'http://hub/', origin: 'http://hub' });
  vi.stubGlobal('navigator', { onLine: true, languages: ['en'] });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined }));
}
