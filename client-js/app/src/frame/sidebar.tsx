import type { ComponentChildren } from 'preact';
import { onNow } from '../agenda/arrange';
import { now } from '../state/clock';
import type { EventStore } from '../state/event';
import { me } from '../state/me';
import { t } from '../texts';
import type { Room } from '../types';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { agendaLink, isAt, lobbyLink, messagesLink, peopleLink, type PlaceLink } from './places';
import { PreferencesMenu } from './preferences-menu';

function SidebarLink({ href, label, icon, current, children, unread }: PlaceLink & { children?: ComponentChildren; unread?: boolean }) {
  return (
    <a class="sidebar-link" href={href} aria-current={current ? 'page' : undefined} data-unread={unread || undefined}>
      <Icon name={icon} />
      <span>{label}</span>
      {children}
    </a>
  );
}

function RoomLink({ store, room }: { store: EventStore; room: Room }) {
  const href = store.link('rooms', room.id);
  const agenda = store.agenda.value;
  const live = agenda ? onNow(agenda, now.value, room.id).length > 0 : false;
  return (
    <SidebarLink href={href} label={room.name} icon="room" current={isAt(href)}>
      {live && (
        <>
          <span class="dot" data-tone="live" title={t('nav.live')} />
          <span class="visually-hidden">, {t('nav.live')}</span>
        </>
      )}
    </SidebarLink>
  );
}

/** The wide screen's navigation. */
export function Sidebar({ store }: { store: EventStore }) {
  const person = me.value;
  const rooms = store.rooms.value?.filter((room) => !room.hidden) ?? [];
  const profile = store.link('profile');
  return (
    <header class="sidebar">
      <a class="sidebar-title" href={`/e/${store.slug}`}>
        {store.event.value?.title ?? '\u00a0'}
      </a>
      <nav class="stack" aria-label={t('nav.main')}>
        <div class="sidebar-group">
          {[lobbyLink(store), agendaLink(store), messagesLink(store), peopleLink(store)].map((link) => (
            <SidebarLink key={link.href} {...link} />
          ))}
        </div>
        {rooms.length > 0 && (
          <div class="sidebar-group" role="group" aria-labelledby="sidebar-rooms">
            <a class="sidebar-label" id="sidebar-rooms" href={store.link('rooms')}>
              {t('nav.rooms')}
            </a>
            {rooms.map((room) => (
              <RoomLink key={room.id} store={store} room={room} />
            ))}
          </div>
        )}
      </nav>
      <div class="sidebar-foot">
        <div class="spread">
          <a class="sidebar-link sidebar-me" href={profile} aria-current={isAt(profile) ? 'page' : undefined}>
            {person && <Avatar size="small" person={{ id: person.id, name: person.profile.name, picture: person.profile.picture ?? null }} />}
            <span>{person?.profile.name ?? t('nav.profile')}</span>
          </a>
          <PreferencesMenu />
        </div>
      </div>
    </header>
  );
}
