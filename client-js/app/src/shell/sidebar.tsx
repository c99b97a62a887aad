import type { ComponentChildren } from 'preact';
import { onNow } from '../agenda/arrange';
import { now } from '../hub/clock';
import type { EventStore } from '../hub/event';
import { live } from '../hub/live';
import { moderatesSomewhere, organizes } from '../hub/rights';
import { me } from '../hub/me';
import { formatNumber, t } from '../texts';
import type { Room } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { ConnectionPill } from './connection-pill';
import { agendaLink, isAt, lobbyLink, messagesLink, moderateLink, organizeLink, peopleLink, type PlaceLink } from './places';
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

/** Mentions are counted; other messages are a dot, so that a busy room does not shout. */
function Unread({ unread }: { unread: { unread: number; mentions: number } }) {
  if (unread.mentions > 0) {
    return (
      <span class="count">
        {unread.mentions}
        <span class="visually-hidden"> {t('nav.unread', { count: unread.mentions })}</span>
      </span>
    );
  }
  if (!unread.unread) return null;
  return (
    <>
      <span class="dot" />
      <span class="visually-hidden">, {t('nav.somethingNew')}</span>
    </>
  );
}

function RoomLink({ store, room }: { store: EventStore; room: Room }) {
  const href = store.link('rooms', room.id);
  const agenda = store.agenda.value;
  const isOn = agenda ? onNow(agenda, now.value, room.id).length > 0 : false;
  const unread = live.value?.unread.value.get(room.channel);
  const current = isAt(href);
  return (
    <SidebarLink href={href} label={room.name} icon="room" current={current} unread={!current && (unread?.unread ?? 0) > 0}>
      {!current && unread && <Unread unread={unread} />}
      {isOn && (
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
  const unreadDirects = live.value?.unreadDirects.value ?? 0;
  return (
    <header class="sidebar">
      <a class="sidebar-title" href={`/e/${store.slug}`}>
        {store.event.value?.title ?? '\u00a0'}
      </a>
      <nav class="stack" aria-label={t('nav.main')}>
        <div class="sidebar-group">
          <SidebarLink {...lobbyLink(store)} />
          <SidebarLink {...agendaLink(store)} />
          {person?.kind !== 'guest' && (
            <>
              <SidebarLink {...messagesLink(store)} unread={unreadDirects > 0}>
                {unreadDirects > 0 && (
                  <span class="count">
                    {formatNumber(unreadDirects)}
                    <span class="visually-hidden"> {t('nav.unread', { count: unreadDirects })}</span>
                  </span>
                )}
              </SidebarLink>
              <SidebarLink {...peopleLink(store)} />
            </>
          )}
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
        {moderatesSomewhere() && (
          <div class="sidebar-group" role="group" aria-labelledby="sidebar-staff">
            <p class="sidebar-label" id="sidebar-staff">
              {t('nav.staff')}
            </p>
            {organizes() && <SidebarLink {...organizeLink(store)} />}
            <SidebarLink {...moderateLink(store)} />
          </div>
        )}
      </nav>
      <div class="sidebar-foot">
        <ConnectionPill />
        <div class="sidebar-account">
          <a class="sidebar-link sidebar-me" href={profile} aria-current={isAt(profile) ? 'page' : undefined}>
            {person && <Avatar size="small" person={{ id: person.id, name: person.profile.name, picture: person.profile.picture }} />}
            <span>{person?.profile.name ?? t('nav.profile')}</span>
          </a>
          <PreferencesMenu keys />
        </div>
      </div>
    </header>
  );
}
