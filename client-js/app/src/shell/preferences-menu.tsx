import { t } from './labels';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';

/** Theme and language, available everywhere, signed in or not; inside an event also its keyboard shortcuts. */
export function PreferencesMenu({ keys = false }: { keys?: boolean }) {
  return (
    <Menu label={`${t('theme.label')}, ${t('language.label')}`} items={async () => (await import('./preferences')).choices(keys)}>
      <Icon name="globe" />
    </Menu>
  );
}
