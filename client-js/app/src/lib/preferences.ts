import { effect, signal, type Signal } from '@preact/signals';
import { languages, preferredLanguage, setLanguage, type Language } from '../texts';

export type Theme = 'system' | 'light' | 'dark';
export type ZoneChoice = 'event' | 'mine';

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`plenary.${name}`);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`plenary.${name}`, value);
  } catch {
    // Without storage a choice lasts until the page is closed.
  }
}

function remembered<T extends string>(name: string, allowed: readonly T[], otherwise: T): Signal<T> {
  const found = stored(name);
  const value = signal<T>(allowed.includes(found as T) ? (found as T) : otherwise);
  let first = true;
  effect(() => {
    const now = value.value;
    if (!first) store(name, now);
    first = false;
  });
  return value;
}

export const theme = remembered<Theme>('theme', ['system', 'light', 'dark'], 'system');
/** Single-key shortcuts interfere with speech input, so they can be switched off. */
export const singleKeys = remembered<'on' | 'off'>('single-keys', ['on', 'off'], 'on');
export const zoneChoice = remembered<ZoneChoice>('zone', ['event', 'mine'], 'event');

/** Applies the theme to the document, now and whenever it changes. */
export function followTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
  });
}

/** The initial language: the one chosen here, otherwise the browser's. */
export function firstLanguage(): Language {
  const chosen = stored('language');
  return chosen && chosen in languages ? (chosen as Language) : preferredLanguage(navigator.languages);
}

export async function chooseLanguage(wanted: Language): Promise<void> {
  store('language', wanted);
  await setLanguage(wanted);
}
