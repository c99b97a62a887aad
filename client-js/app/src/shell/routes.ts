import { match, type Params } from '../lib/router';
import type { Route } from './manifest';
import { routes } from './registry';

export const notFound: Route = { pattern: '', frame: 'plain', load: async () => ({ default: (await import('../ui/not-found')).NotFound }) };

/** The page of an address. */
export function findRoute(path: string): { route: Route; params: Params } {
  for (const route of routes()) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return { route: notFound, params: {} };
}
