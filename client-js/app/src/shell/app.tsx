import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary } from 'preact/hooks';
import { place } from '../lib/router';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from './toasts';
import { EventFrame } from './event-frame';
import { fetchPart, Lazy, numberOf } from './lazy';
import type { PageProps, Route } from './manifest';
import { findRoute } from './routes';
import { t } from './labels';

const plainFrame = () => import('./plain-frame');

/** A page outside an event, whose code is fetched beside that of the frame. */
function Outside({ route, slug, children }: { route: Route; slug: string | undefined; children: ComponentChildren }) {
  useEffect(() => void fetchPart<never>(route.load as never).catch(() => undefined), [route]);
  return <Lazy load={plainFrame} props={{ slug, children }} waiting={null} />;
}

/** The page of the current address, inside its frame; the frame stays while the page's code loads. */
export function App() {
  const { route, params } = findRoute(place.value.path);
  const page = <Page key={numberOf(route.load)} route={route} params={params} />;
  return (
    <>
      <a class="skip-link" href="#main">
        {t('app.skip')}
      </a>
      {route.frame === 'event' ? <EventFrame slug={params['slug']!}>{page}</EventFrame> : <Outside route={route} slug={params['slug']}>{page}</Outside>}
      <Toasts />
    </>
  );
}

function Page({ route, params }: PageProps & { route: Route }) {
  const [crash, tryAgain] = useErrorBoundary((error) => console.error(error));
  if (crash) return <Crash retry={tryAgain} />;
  return (
    <Lazy
      load={route.load}
      props={{ params }}
      waiting={
        <div class="page">
          <Skeleton lines={5} />
        </div>
      }
    />
  );
}

/** A bug on one page leaves the rest of the app working. */
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
