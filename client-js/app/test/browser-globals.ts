import { vi } from 'vitest';

/** The browser globals that modules need when loaded, for tests that load the whole app outside a browser. */
export function pretendBrowser(): void {
  vi.stubGlobal('location', { pathname: '/', search: '', hash: '', href: 'http://hub/', origin: 'http://hub' });
  vi.stubGlobal('navigator', { onLine: true, languages: ['en'] });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => undefined });
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined }));
}
