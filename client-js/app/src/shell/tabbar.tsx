import type { EventStore } from '../hub/event';
import { live } from '../hub/live';
import { me } from '../hub/me';
import { formatNumber, t } from '../texts';
import { Icon } from '../ui/icon';
import { agendaLink, lobbyLink, messagesLink, peopleLink, roomsLink } from './places';

/** The phone's navigation, within reach of the thumb. */
export function Tabbar({ store }: { store: EventStore }) {
  const current = live.value;
  const unread = current?.unreadDirects.value ?? 0;
  const roomsUnread = store.rooms.value?.some((room) => (current?.unread.value.get(room.channel)?.unread ?? 0) > 0) ?? false;
  // Guests write to nobody, and the directory is for those who take part.
  const links = [lobbyLink(store), agendaLink(store), roomsLink(store)];
  if (me.value?.kind !== 'guest') links.push(messagesLink(store), peopleLink(store));
  return (
    <nav class="tabbar" aria-label={t('nav.main')}>
      {links.map((link) => (
        <a key={link.href} class="tabbar-link" href={link.href} aria-current={link.current ? 'page' : undefined}>
          <Icon name={link.icon} />
          {link.label}
          {link.icon === 'message' && unread > 0 && (
            <span class="count">
              {formatNumber(unread)}
              <span class="visually-hidden"> {t('nav.unread', { count: unread })}</span>
            </span>
          )}
          {link.icon === 'room' && roomsUnread && (
            <>
              <span class="dot" />
              <span class="visually-hidden">, {t('nav.somethingNew')}</span>
            </>
          )}
        </a>
      ))}
    </nav>
  );
}
