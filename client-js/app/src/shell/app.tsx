import type { ComponentType } from 'preact';
import { useErrorBoundary, useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { place } from '../lib/router';
import { findRoute, routes, type PageProps, type Route } from './routes';
import { t } from '../texts';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { EventFrame } from './event-frame';
import { PlainFrame } from './plain-frame';

/** By their loaders: a page with two addresses is one page, and stays while one goes between them. */
const loaded = new Map<Route['load'], ComponentType<PageProps>>();
const pageKey = (route: Route): number => routes.findIndex(({ load }) => load === route.load);

/** The page of the current address, inside its frame; the frame stays while the page's code comes. */
export function App() {
  const { route, params } = findRoute(place.value.path);
  return (
    <>
      <a class="skip-link" href="#main">
        {t('app.skip')}
      </a>
      {route.frame === 'event' ? (
        <EventFrame slug={params['slug']!}>
          <Page key={pageKey(route)} route={route} params={params} />
        </EventFrame>
      ) : (
        <PlainFrame slug={params['slug']}>
          <Page key={pageKey(route)} route={route} params={params} />
        </PlainFrame>
      )}
      <Toasts />
    </>
  );
}

function Page({ route, params }: { route: Route; params: PageProps['params'] }) {
  const [crash, tryAgain] = useErrorBoundary((error) => console.error(error));
  const arrived = useSignal(0);
  const failed = useSignal(false);
  // `arrived` is read so that the page appears when its code has come.
  const Component = arrived.value >= 0 ? loaded.get(route.load) : undefined;

  const load = (): void => {
    failed.value = false;
    route.load().then(
      (module) => {
        loaded.set(route.load, module.default);
        arrived.value++;
      },
      () => (failed.value = true),
    );
  };
  useEffect(() => {
    if (!loaded.has(route.load)) load();
  }, [route.load]);

  if (crash) return <Crash retry={tryAgain} />;
  if (failed.value) {
    return (
      <Empty icon="warning" title={t('problem.title')} hint={t('problem.network')}>
        <Button onClick={load}>{t('action.retry')}</Button>
      </Empty>
    );
  }
  if (!Component) {
    return (
      <div class="page">
        <Skeleton lines={5} />
      </div>
    );
  }
  return <Component params={params} />;
}

/** A fault of ours on one page leaves the rest of the app standing. */
function Crash({ retry }: { retry: () => void }) {
  return (
    <div role="alert">
      <Empty icon="warning" title={t('problem.title')} hint={t('problem.unexpected')}>
        <Button tone="primary" onClick={() => location.reload()}>
          {t('problem.reload')}
        </Button>
        <Button onClick={retry}>{t('action.retry')}</Button>
      </Empty>
    </div>
  );
}
