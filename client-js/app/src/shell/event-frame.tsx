import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { effect } from '@preact/signals';
import { PlenaryError } from 'plenary-client/rest';
import { navigate, place } from '../lib/router';
import { eventStore, type EventStore } from '../hub/event';
import { me, meProblem, loadMe } from '../hub/me';
import { mayEnter } from '../hub/roles';
import { ownBan } from '../hub/bans';
import { wide } from '../lib/screen';
import { banText } from '../ui/ban';
import { Problem, problemText } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import { NotFound } from '../ui/not-found';
import { ownUnread } from '../ui/title';
import { enterEvent, leaveEvent, live } from '../hub/live';
import { currentDialog } from './dialogs';
import { Lazy, numberOf } from './lazy';
import { enterCapabilities, followConnection, onScreen, panels, unreadForOneself } from './registry';
import { Sidebar } from './sidebar';
import { Tabbar } from './tabbar';
import { Topbar } from './topbar';

/** Fetched with the first dialog. */
const dialogHost = () => import('./dialog-host');

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
  const registrationIsOver = state?.status === 'closed' && state.reason === 'registration.ended';
  useEffect(() => {
    if (registrationIsOver) void loadMe();
  }, [registrationIsOver]);

  useEffect(() => tellInTab(store), [store]);

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
    if (problem instanceof PlenaryError && problem.status === 404) return <NotFound />;
    return <Problem problem={problem} retry={() => void store.loadEvent()} />;
  }

  const staying = onScreen().filter((part) => part.shown());
  return (
    <div class="shell">
      {wide.value ? <Sidebar store={store} /> : <Topbar store={store} />}
      <main class="shell-main" id="main" tabIndex={-1}>
        <Closed />
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

/** Counts in the tab's title and icon what is unread for oneself, while the event is open. */
function tellInTab(store: EventStore): () => void {
  const count = effect(() => void (ownUnread.value = unreadForOneself(store)));
  // Most tabs never have a number, and the first one is fetched for.
  const icon = effect(() => {
    const unread = ownUnread.value;
    if (unread || numbered) import('./tab-icon').then(({ showInIcon }) => showInIcon(ownUnread.value), () => undefined);
    numbered = unread > 0;
  });
  return () => {
    count();
    ownUnread.value = 0;
    icon();
  };
}

let numbered = false;

/** Why the hub has closed the connection; the pages stay readable. */
function Closed() {
  const current = live.value;
  const state = current?.connection.value;
  if (state?.status !== 'closed' || state.reason === 'connection.closed') return null;
  const ban = ownBan();
  return (
    <p class="banner" role="alert">
      {ban ? banText(ban, current!.store.event.value?.title, current!.store.zone.value) : problemText({ code: state.reason, message: state.message })}
    </p>
  );
}
