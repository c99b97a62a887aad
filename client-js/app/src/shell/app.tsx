import { useErrorBoundary } from 'preact/hooks';
import { place } from '../lib/router';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { EventFrame } from './event-frame';
import { Lazy, numberOf } from './lazy';
import type { PageProps, Route } from './manifest';
import { PlainFrame } from './plain-frame';
import { findRoute } from './routes';
import { t } from './labels';

/** The page of the current address, inside its frame; the frame stays while the page's code loads. */
export function App() {
  const { route, params } = findRoute(place.value.path);
  const page = <Page key={numberOf(route.load)} route={route} params={params} />;
  return (
    <>
      <a class="skip-link" href="#main">
        {t('app.skip')}
      </a>
      {route.frame === 'event' ? <EventFrame slug={params['slug']!}>{page}</EventFrame> : <PlainFrame slug={params['slug']}>{page}</PlainFrame>}
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
