import type { EventStore } from '../state/event';
import { t } from '../texts';
import { Icon } from '../ui/icon';
import { agendaLink, lobbyLink, messagesLink, peopleLink, roomsLink } from './places';

/** The phone's navigation, within reach of the thumb. */
export function Tabbar({ store }: { store: EventStore }) {
  const links = [lobbyLink(store), agendaLink(store), roomsLink(store), messagesLink(store), peopleLink(store)];
  return (
    <nav class="tabbar" aria-label={t('nav.main')}>
      {links.map((link) => (
        <a key={link.href} class="tabbar-link" href={link.href} aria-current={link.current ? 'page' : undefined}>
          <Icon name={link.icon} />
          {link.label}
        </a>
      ))}
    </nav>
  );
}
