import { useEffect } from 'preact/hooks';
import { place } from '../lib/router';

/** The one-time token of a mailed link: `#token=…`. */
export function fragmentToken(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined;
}

const keptToken = (): string | undefined => (history.state as { token?: string } | null)?.token;

/**
 * The token in the address, even if it is pasted while the page is shown. It is removed from the address at once, so
 * that it appears in no history and no screenshot; the tab keeps it, as the page may be reloaded before it is used.
 */
export function useFragmentToken(): string | undefined {
  const given = fragmentToken(place.value.hash);
  useEffect(() => {
    if (given) history.replaceState({ token: given }, '', location.pathname + location.search);
  }, [given]);
  return given ?? keptToken();
}

/** The page is no longer about the link that it was opened with. */
export function forgetToken(): void {
  history.replaceState(null, '', location.pathname + location.search);
  place.value = { ...place.value, hash: '' };
}
