import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { t } from '../src/agenda/texts';
import { languages, preferredLanguage, setLanguage } from '../src/texts';
import { fill, type Plural } from '../src/texts/catalog';
import { textFolders } from './text-files';

const forms = (entry: string | Plural): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const names = (entry: string | Plural): string[] =>
  [...new Set(forms(entry).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!)))].sort();

describe.each(await textFolders())('texts in $folder', ({ languages: files }) => {
  const english = files.get('en')!;

  it('are there in every language of the app', () => {
    expect([...files.keys()].sort()).toEqual(Object.keys(languages).sort());
  });

  it('have the same keys, none empty, and the same placeholders', () => {
    for (const translated of files.values()) {
      expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
      for (const [key, entry] of Object.entries(translated)) {
        for (const text of forms(entry)) expect(text.trim(), key).not.toBe('');
        expect(names(entry), key).toEqual(names(english[key]!));
      }
    }
  });
});

describe('filling in', () => {
  // Setting the language also writes to the document, which does not exist here.
  beforeAll(() => void vi.stubGlobal('document', { documentElement: {} }));
  afterAll(() => void vi.unstubAllGlobals());

  it('fills in placeholders and leaves unknown ones alone', () => {
    expect(fill('{a} of {b}', { a: 'one' })).toBe('one of {b}');
  });

  it('does not fill in placeholders within values', () => {
    expect(fill('Hello {name}', { name: '{name}' })).toBe('Hello {name}');
  });

  it('chooses the form by number and writes numbers as the language does', async () => {
    await setLanguage('en');
    expect(t('agenda.found', { count: 1 })).toBe('1 session');
    expect(t('agenda.found', { count: 1200 })).toBe('1,200 sessions');
  });

  it('finds the shared texts too, in each language', async () => {
    await setLanguage('de');
    expect(t('action.close')).toBe('Schließen');
    expect(t('agenda.title')).toBe('Programm');
  });
});

describe('languages', () => {
  it('are those with files, each under its own name', () => {
    expect(languages).toEqual({ en: 'English', de: 'Deutsch' });
  });

  it('start with the first of the browser\'s that the app has', () => {
    expect(preferredLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(preferredLanguage(['en-US', 'de'])).toBe('en');
    expect(preferredLanguage(['ja'])).toBe('en');
    expect(preferredLanguage([])).toBe('en');
  });
});
