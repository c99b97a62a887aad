import type { EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t } from './labels';
import { navigate } from '../lib/router';
import { Avatar } from '../ui/avatar';
import { Menu, type MenuItem } from '../ui/menu';
import { ConnectionPill } from './connection-pill';
import { PreferencesMenu } from './preferences-menu';
import { places } from './registry';

/** The phone's bar: the current place, the state of the connection, and places without a tab. */
export function Topbar({ store }: { store: EventStore }) {
  const person = me.value;
  const items = (): MenuItem[] => [
    ...[...places('account', store), ...places('staff', store)].map((place) => ({ label: place.label(store), icon: place.icon, run: () => navigate(store.link(...place.path)) })),
    { label: t('nav.allEvents'), icon: 'leave', run: () => navigate('/') },
  ];
  return (
    <header class="topbar">
      <a class="topbar-title" href={`/e/${store.slug}`}>
        {store.event.value?.title ?? '\u00a0'}
      </a>
      <ConnectionPill />
      <PreferencesMenu keys />
      {person && (
        <Menu label={t('nav.account')} items={items}>
          <Avatar size="small" person={{ id: person.id, name: person.profile.name, picture: person.profile.picture }} />
        </Menu>
      )}
    </header>
  );
}
