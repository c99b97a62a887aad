import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { organizes } from '../hub/rights';
import type { PageProps } from '../shell/routes';
import { eventStore, type EventStore } from '../hub/event';
import { me } from '../hub/me';
import { isOrganizer } from '../hub/roles';
import { to } from '../texts/organize';
import { Empty } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { NotFound } from '../ui/not-found';
import { Import } from './import';
import { Overview } from './overview';
import { Questions } from './questions';
import { Registrations } from './registrations';
import { Roles } from './roles';
import { RoomList } from './room-list';
import { Tickets } from './tickets';
import './organize.css';

export interface SectionProps {
  store: EventStore;
}

const sections: Readonly<Record<string, ComponentType<SectionProps>>> = {
  overview: Overview,
  rooms: RoomList,
  tickets: Tickets,
  questions: Questions,
  import: Import,
  roles: Roles,
  registrations: Registrations,
};

const names = ['overview', 'rooms', 'tickets', 'questions', 'import', 'roles', 'registrations'] as const;

/** Everything organizers set up; each part has its own address. */
export default function Organize({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const name = names.find((known) => known === (params['section'] ?? 'overview'));
  const Section = name && sections[name];
  const event = store.event.value;
  const tabs = useRef<HTMLElement>(null);
  // On a phone the tabs scroll sideways: the chosen one must be in sight.
  useEffect(() => {
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [name, event]);
  if (!name || !Section) return <NotFound />;
  if (!event || !me.value) {
    return (
      <div class="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  if (!organizes() && !isOrganizer(store.slug)) {
    return (
      <div class="page">
        <PageHeading title={to('organize.title')} event={event.title}>
          {to('organize.title')}
        </PageHeading>
        <Empty icon="lock" title={to('organize.denied')} hint={to('organize.deniedHint')} />
      </div>
    );
  }
  const title = to(`organize.${name}`);
  return (
    <div class="page">
      <header class="stack">
        <PageHeading title={`${title} · ${to('organize.title')}`} event={event.title}>
          {to('organize.title')}
          <span class="visually-hidden">: {title}</span>
        </PageHeading>
        <nav ref={tabs} class="tabs" aria-label={to('organize.sections')}>
          {names.map((section) => (
            <a key={section} class="tab" href={section === 'overview' ? store.link('organize') : store.link('organize', section)} aria-current={section === name ? 'page' : undefined}>
              {to(`organize.${section}`)}
            </a>
          ))}
        </nav>
      </header>
      <Section store={store} />
    </div>
  );
}
