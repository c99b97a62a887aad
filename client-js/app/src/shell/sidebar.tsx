import { useId } from 'preact/hooks';
import type { EventStore } from '../hub/event';
import { me } from '../hub/me';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { ConnectionPill } from './connection-pill';
import type { Place } from './manifest';
import { linkOf, Marks } from './places';
import { PreferencesMenu } from './preferences-menu';
import { places } from './registry';
import { t } from './labels';

type LinkPlace = Pick<Place, 'path' | 'label' | 'icon' | 'marks'>;

function SidebarLink({ store, place }: { store: EventStore; place: LinkPlace }) {
  const { href, current } = linkOf(store, place);
  const marks = place.marks?.(store) ?? [];
  return (
    <a class="sidebar-link" href={href} aria-current={current ? 'page' : undefined} data-unread={marks.some((mark) => !mark.live) || undefined}>
      <Icon name={place.icon} />
      <span>{place.label(store)}</span>
      <Marks marks={marks} />
    </a>
  );
}

/** A place with the places below it: its own name is the heading. */
function PlaceGroup({ store, place }: { store: EventStore; place: Place }) {
  const id = useId();
  const below = place.below?.(store) ?? [];
  if (!below.length) return null;
  return (
    <div class="sidebar-group" role="group" aria-labelledby={id}>
      <a class="sidebar-label" id={id} href={store.link(...place.path)}>
        {place.label(store)}
      </a>
      {below.map((link) => (
        <SidebarLink key={link.path.join('/')} store={store} place={link} />
      ))}
    </div>
  );
}

/** The person's own place, with picture and name. */
function OwnPlace({ store, place }: { store: EventStore; place: Place }) {
  const person = me.value;
  const { href, current } = linkOf(store, place);
  return (
    <a class="sidebar-link sidebar-me" href={href} aria-current={current ? 'page' : undefined}>
      {person && <Avatar size="small" person={{ id: person.id, name: person.profile.name, picture: person.profile.picture }} />}
      <span>{person?.profile.name ?? place.label(store)}</span>
    </a>
  );
}

/** The wide screen's navigation. */
export function Sidebar({ store }: { store: EventStore }) {
  const staff = places('staff', store);
  const main = places('main', store);
  return (
    <header class="sidebar">
      <a class="sidebar-title" href={`/e/${store.slug}`}>
        {store.event.value?.title ?? '\u00a0'}
      </a>
      <nav class="stack" aria-label={t('nav.main')}>
        <div class="sidebar-group">
          {main.filter((place) => !place.below).map((place) => (
            <SidebarLink key={place.path.join('/')} store={store} place={place} />
          ))}
        </div>
        {main.filter((place) => place.below).map((place) => (
          <PlaceGroup key={place.path.join('/')} store={store} place={place} />
        ))}
        {staff.length > 0 && (
          <div class="sidebar-group" role="group" aria-labelledby="sidebar-staff">
            <p class="sidebar-label" id="sidebar-staff">
              {t('nav.staff')}
            </p>
            {staff.map((place) => (
              <SidebarLink key={place.path.join('/')} store={store} place={place} />
            ))}
          </div>
        )}
      </nav>
      <div class="sidebar-foot">
        <ConnectionPill />
        <div class="sidebar-account">
          {places('account', store).map((place) => (
            <OwnPlace key={place.path.join('/')} store={store} place={place} />
          ))}
          <PreferencesMenu keys />
        </div>
      </div>
    </header>
  );
}
