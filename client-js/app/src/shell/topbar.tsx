import type { EventStore } from '../hub/event';
import { me } from '../hub/me';
import { t } from '../texts';
import { navigate } from '../lib/router';
import { Avatar } from '../ui/avatar';
import { Menu, type MenuItem } from '../ui/menu';
import { organizes, moderatesSomewhere } from '../hub/rights';
import { ConnectionPill } from './connection-pill';
import { PreferencesMenu } from './preferences-menu';

/** The phone's bar: where one is, how the connection is, and what has no tab below. */
export function Topbar({ store }: { store: EventStore }) {
  const person = me.value;
  const items = (): MenuItem[] => [
    { label: t('nav.profile'), icon: 'person', run: () => navigate(store.link('profile')) },
    ...(organizes() ? [{ label: t('nav.organize'), icon: 'organize', run: () => navigate(store.link('organize')) } satisfies MenuItem] : []),
    ...(moderatesSomewhere() ? [{ label: t('nav.moderate'), icon: 'shield', run: () => navigate(store.link('moderate')) } satisfies MenuItem] : []),
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
