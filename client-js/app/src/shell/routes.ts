import { match, type Params } from '../lib/router';
import { NotFound } from '../ui/not-found';
import type { Route } from './manifest';
import { routes } from './registry';

export const notFound: Route = { pattern: '', frame: 'plain', load: () => Promise.resolve({ default: NotFound }) };

/** The page of an address. */
export function findRoute(path: string): { route: Route; params: Params } {
  for (const route of routes()) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return { route: notFound, params: {} };
}
