import { chooseLanguage, theme, type Theme } from '../lib/preferences';
import { language, languages } from '../texts';
import type { MenuItem } from '../ui/menu';
import { openDialog } from './dialogs';
import { t } from './labels';

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** What can be chosen; inside an event also its keyboard shortcuts. */
export const choices = (keys: boolean): MenuItem[] => [
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
