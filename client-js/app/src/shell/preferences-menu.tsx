import { chooseLanguage, theme, type Theme } from '../lib/preferences';
import { language, languages } from '../texts';
import { t } from './labels';
import { Icon } from '../ui/icon';
import { Menu, type MenuItem } from '../ui/menu';
import { openDialog } from './dialogs';

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Theme and language, available everywhere, signed in or not; inside an event also its keyboard shortcuts. */
export function PreferencesMenu({ keys }: { keys?: boolean }) {
  const items = (): MenuItem[] => [
    ...themes.map((value) => ({
      label: t(`theme.${value}`),
      checked: theme.value === value,
      run: () => (theme.value = value),
    })),
    ...Object.entries(languages).map(([code, name], position) => ({
      label: name,
      checked: language.value === code,
      apart: position === 0,
      run: () => void chooseLanguage(code),
    })),
    ...(keys ? [{ label: t('keys.open'), icon: 'keyboard', apart: true, run: () => openDialog('keys', {}) } satisfies MenuItem] : []),
  ];
  return (
    <Menu label={`${t('theme.label')}, ${t('language.label')}`} items={items}>
      <Icon name="globe" />
    </Menu>
  );
}
