import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { PlenaryError } from 'plenary-client/rest';
import { navigate, place } from '../lib/router';
import { eventStore } from '../hub/event';
import { me, meProblem, loadMe } from '../hub/me';
import { mayEnter } from '../hub/roles';
import { wide } from '../lib/screen';
import { Problem } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { enterEvent, leaveEvent, live } from '../hub/live';
import { currentDialog } from './dialogs';
import { Lazy, numberOf } from './lazy';
import { enterCapabilities, followConnection, onScreen, panels } from './registry';
import { Sidebar } from './sidebar';
import { Tabbar } from './tabbar';
import { Topbar } from './topbar';

/** Fetched with the first dialog. */
const dialogHost = () => import('./dialog-host');
/** Fetched when they are needed. */
const notFound = async () => ({ default: (await import('../ui/not-found')).NotFound });
const whyClosed = () => import('./closed');
/** Fetched beside the page. */
const unreadInTab = () => import('./unread-in-tab');

/** Everything inside an event: navigation around the page, and one connection for all pages. Strangers are sent to the entry. */
export function EventFrame({ slug, children }: { slug: string; children: ComponentChildren }) {
  const store = eventStore(slug);

  useEffect(() => {
    void store.loadEvent();
  }, [store]);

  // Fetched beside the page, which can be used without them.
  useEffect(() => {
    const left = new AbortController();
    import('./shortcuts').then(({ listenForShortcuts }) => listenForShortcuts(store, left.signal), () => undefined);
    return () => left.abort();
  }, [store]);

  // One connection for all pages of the event; leaving the event ends it.
  const person = me.value?.id;
  useEffect(() => {
    if (!person || !mayEnter(slug)) return;
    enterEvent(store, followConnection);
    return leaveEvent;
  }, [store, person]);

  // The registration was cancelled: the account shows it, and the entry says what to do.
  const state = live.value?.connection.value;
  const closed = state?.status === 'closed' && state.reason !== 'connection.closed';
  const registrationIsOver = state?.status === 'closed' && state.reason === 'registration.ended';
  useEffect(() => {
    if (registrationIsOver) void loadMe();
  }, [registrationIsOver]);

  useEffect(() => {
    let stop: (() => void) | undefined;
    let left = false;
    unreadInTab().then(({ tellInTab }) => left || (stop = tellInTab(store)), () => undefined);
    return () => {
      left = true;
      stop?.();
    };
  }, [store]);

  useEffect(() => {
    if (me.value === null) {
      navigate(`/sign-in?next=${encodeURIComponent(place.value.path + place.value.search)}`, { replace: true });
    } else if (me.value && !mayEnter(slug)) {
      navigate(store.link(), { replace: true });
    } else if (me.value) {
      void enterCapabilities(store);
    }
  }, [me.value, store]);

  if (meProblem.value && !me.value) return <Problem problem={meProblem.value} retry={() => void loadMe()} />;
  const problem = store.problem.value;
  if (problem && !store.event.value) {
    if (problem instanceof PlenaryError && problem.status === 404) return <Lazy load={notFound} props={{}} waiting={null} />;
    return <Problem problem={problem} retry={() => void store.loadEvent()} />;
  }

  const staying = onScreen().filter((part) => part.shown());
  return (
    <div class="shell">
      {wide.value ? <Sidebar store={store} /> : <Topbar store={store} />}
      <main class="shell-main" id="main" tabIndex={-1}>
        {closed && <Lazy load={whyClosed} props={{}} waiting={null} />}
        {panels('banner', { store }).map((panel) => (
          <Lazy key={panel.name} load={panel.load} props={{ store }} waiting={null} />
        ))}
        {me.value && store.event.value ? children : <div class="page"><Skeleton lines={5} /></div>}
      </main>
      {staying.length > 0 && (
        <div class="shell-corner">
          {staying.map((part) => (
            <Lazy key={numberOf(part.load)} load={part.load} props={{ store }} waiting={null} />
          ))}
        </div>
      )}
      {!wide.value && <Tabbar store={store} />}
      {currentDialog.value && <Lazy load={dialogHost} props={{}} waiting={null} />}
    </div>
  );
}
