import type { EventStore } from '../hub/event';
import { place } from '../lib/router';
import { t } from '../texts';
import type { IconName } from '../ui/icon';

/** A place in the navigation. */
export interface PlaceLink {
  href: string;
  label: string;
  icon: IconName;
  current: boolean;
}

/** Whether the shown address lies at or below a path. */
export const isAt = (path: string): boolean => place.value.path === path || place.value.path.startsWith(`${path}/`);

function link(store: EventStore, segment: string, label: string, icon: IconName): PlaceLink {
  const href = store.link(segment);
  return { href, label, icon, current: isAt(href) };
}

export const lobbyLink = (store: EventStore): PlaceLink => link(store, 'lobby', t('nav.lobby'), 'lobby');
export const agendaLink = (store: EventStore): PlaceLink => link(store, 'agenda', t('nav.agenda'), 'agenda');
export const roomsLink = (store: EventStore): PlaceLink => link(store, 'rooms', t('nav.rooms'), 'room');
export const messagesLink = (store: EventStore): PlaceLink => link(store, 'messages', t('nav.messages'), 'message');
export const peopleLink = (store: EventStore): PlaceLink => link(store, 'people', t('nav.people'), 'people');
export const organizeLink = (store: EventStore): PlaceLink => link(store, 'organize', t('nav.organize'), 'organize');
export const moderateLink = (store: EventStore): PlaceLink => link(store, 'moderate', t('nav.moderate'), 'shield');
