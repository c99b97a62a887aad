import type { ComponentType } from 'preact';
import { NotFound } from '../ui/not-found';
import { match, type Params } from '../lib/router';

/** What is drawn around a page: nothing but a bar, the event's navigation, or the navigation without page margins. */
export type Frame = 'plain' | 'event';

export interface PageProps {
  params: Params;
}

type PageModule = { default: ComponentType<PageProps> };

export interface Route {
  pattern: string;
  frame: Frame;
  load: () => Promise<PageModule>;
}

const page = (pattern: string, frame: Frame, load: Route['load']): Route => ({ pattern, frame, load });

const messages: Route['load'] = () => import('../directs/messages');

/** A page whose words come from the organizers' catalog, which is fetched beside it. */
const staffPage = (load: Route['load']): Route['load'] => async () => {
  const [module] = await Promise.all([load(), import('../texts/organize').then((texts) => texts.organizeTextsReady())]);
  return module;
};
const organize = staffPage(() => import('../organize/organize'));

/** Every address of the app. Each page is a chunk of its own, loaded when it is first shown. */
export const routes: readonly Route[] = [
  page('/', 'plain', () => import('../event/home')),
  page('/sign-in', 'plain', () => import('../account/sign-in')),
  page('/reset-password', 'plain', () => import('../account/reset-password')),
  page('/confirm', 'plain', () => import('../account/confirm')),
  page('/create', 'plain', staffPage(() => import('../organize/create'))),
  page('/e/:slug', 'plain', () => import('../event/entry')),
  page('/e/:slug/register', 'plain', () => import('../registration/register')),
  page('/e/:slug/lobby', 'event', () => import('../event/lobby')),
  page('/e/:slug/agenda', 'event', () => import('../agenda/agenda')),
  page('/e/:slug/agenda/:session', 'event', () => import('../agenda/session')),
  page('/e/:slug/rooms', 'event', () => import('../rooms/rooms')),
  page('/e/:slug/messages', 'event', messages),
  page('/e/:slug/messages/:channel', 'event', messages),
  page('/e/:slug/people', 'event', () => import('../people/people')),
  page('/e/:slug/people/:person', 'event', () => import('../people/person')),
  page('/e/:slug/profile', 'event', () => import('../account/profile')),
  page('/e/:slug/organize', 'event', organize),
  page('/e/:slug/organize/:section', 'event', organize),
  page('/e/:slug/moderate', 'event', staffPage(() => import('../moderation/moderate'))),
  page('/e/:slug/rooms/:room', 'event', () => import('../rooms/room')),
];

export const notFound: Route = page('', 'plain', () => Promise.resolve({ default: NotFound }));

export function findRoute(path: string): { route: Route; params: Params } {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return { route: notFound, params: {} };
}
