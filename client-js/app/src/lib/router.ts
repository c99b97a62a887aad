import { signal } from '@preact/signals';
import { t } from '../texts';

/** The current address. Fragments are read by the pages that need them (`#token=…`). */
export interface Place {
  path: string;
  search: string;
  hash: string;
}

const read = (): Place => ({ path: location.pathname, search: location.search, hash: location.hash });

export const place = signal<Place>(read());

/**
 * True from a change of route until the new page's heading has taken the focus. Not set on the first load, where
 * people expect the browser's own behaviour (top of the document, skip link first).
 */
export const headingWantsFocus = { value: false };

/** What has been changed here and not saved, as tests of the forms that are shown. */
const unsaved = new Set<() => boolean>();

const isUnsaved = (): boolean => [...unsaved].some((changed) => changed());

/** Asks before a page with unsaved changes is left, until the returned function is called. */
export function guardLeaving(changed: () => boolean): () => void {
  unsaved.add(changed);
  return () => void unsaved.delete(changed);
}

/** The place of the current entry in the browser's history, as far as this app has made it. */
let step = 0;

/** Paths that the hub answers itself: a click on them leaves the app. */
const hubPaths = /^\/(api|pictures|ws|mail)(\/|$)/;

function arrive(): void {
  const next = read();
  const moved = next.path !== place.value.path;
  if (moved) headingWantsFocus.value = true;
  place.value = next;
}

/** Goes to another address of the app. `replace` adds no history entry, for redirects. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const target = new URL(to, location.href);
  if (target.href === location.href) return;
  const samePath = target.pathname === place.value.path;
  if (!samePath && isUnsaved() && !confirm(t('app.unsaved'))) return;
  if (options.replace) history.replaceState(history.state, '', target);
  else {
    history.replaceState({ scroll: scrollY, step }, '');
    history.pushState({ step: ++step }, '', target);
  }
  arrive();
  if (!samePath) scrollTo(0, 0);
}

function followClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (hubPaths.test(link.pathname)) return;
  // Links within the page (the skip link) are left to the browser.
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  event.preventDefault();
  navigate(link.href);
}

/** Listens to links and to the browser's back and forward. Called once. */
export function startRouter(): void {
  document.addEventListener('click', followClick);
  const stepIn = (state: unknown): number => (state as { step?: number } | null)?.step ?? step;
  step = stepIn(history.state);
  addEventListener('beforeunload', (event) => isUnsaved() && event.preventDefault());
  addEventListener('popstate', (event) => {
    const to = stepIn(event.state);
    if (location.pathname !== place.value.path && isUnsaved() && !confirm(t('app.unsaved'))) {
      // The browser is there already: back to the page that is still shown.
      history.go(step - to || 1);
      return;
    }
    step = to;
    arrive();
    const top = (event.state as { scroll?: number } | null)?.scroll;
    // That page still has to be laid out.
    if (top !== undefined) requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, top)));
  });
}

/** Values of the `:names` in a pattern. */
export type Params = Readonly<Record<string, string>>;

/** `/e/:slug/rooms/:room` against a path; undefined if it does not match. A trailing slash makes no difference. */
export function match(pattern: string, path: string): Params | undefined {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index]!;
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return undefined;
      }
    } else if (part !== value) return undefined;
  }
  return params;
}

/** Whether the current address is at or below a path. */
export const isAt = (path: string): boolean => place.value.path === path || place.value.path.startsWith(`${path}/`);

/**
 * Where to go after signing in; only paths of this app are accepted, by the hub's own rule. Browsers drop tabs and line
 * breaks, and read a backslash as a slash: with one of those, a path could be another host's address.
 */
export const safeNext = (next: string | null | undefined, otherwise: string): string => (next && /^\/(?!\/)[^\\\s]*$/.test(next) ? next : otherwise);
