import { match, safeNext } from '../lib/router';

/** What somebody wants to do after signing in, and in which event. */
export interface Goal {
  next: string | undefined;
  /** The event, by its slug. */
  event: string | undefined;
}

/** The event that a path of the app is in. */
function eventOf(path: string): string | undefined {
  const [, ...segments] = path.split(/[?#]/)[0]!.split('/');
  return match('/e/:slug', `/${segments.slice(0, 2).join('/')}`)?.['slug'];
}

/** As the address says it. The event is named, or the place to go to is in it. */
export function goalOf(search: string): Goal {
  const given = new URLSearchParams(search);
  const wanted = given.get('next');
  const next = wanted && safeNext(wanted, '') === wanted ? wanted : undefined;
  return { next, event: given.get('event') ?? (next && eventOf(next)) };
}

/** The address of a page for coming in, with the same goal. */
export function pageFor(page: '/sign-in' | '/reset-password', { next, event }: Goal): string {
  const given = new URLSearchParams();
  if (next) given.set('next', next);
  if (event) given.set('event', event);
  return given.size ? `${page}?${given}` : page;
}
