import { useEffect } from 'preact/hooks';
import { place } from '../lib/router';

/** The one-time token of a mailed link: `#token=…`. */
export function fragmentToken(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined;
}

/**
 * The token in the address, even if it is pasted while the page is shown. It is removed from the address at once, so
 * that it appears in no history and no screenshot.
 */
export function useFragmentToken(): string | undefined {
  const token = fragmentToken(place.value.hash);
  useEffect(() => {
    if (token) history.replaceState(null, '', location.pathname + location.search);
  }, [token]);
  return token;
}
