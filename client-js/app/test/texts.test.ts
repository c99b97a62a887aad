import { describe, expect, it } from 'vitest';
import { fill, language, preferredLanguage, type Plural, type TextSource } from '../src/texts/catalog';
import { de } from '../src/texts/de';
import { en } from '../src/texts/en';
import { t } from '../src/texts';
import { organizeDe } from '../src/texts/organize.de';
import { organizeEn } from '../src/texts/organize.en';

const forms = (entry: string | Plural): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const names = (entry: string | Plural): string[] =>
  [...new Set(forms(entry).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!)))].sort();

describe.each<[string, TextSource, TextSource]>([
  ['attendees', en, de],
  ['organizers', organizeEn, organizeDe],
])('texts for %s', (_, english, german) => {
  it('have the same keys in German', () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
  });

  it('have no empty text and the same places to fill', () => {
    for (const [key, entry] of Object.entries(english)) {
      for (const text of [...forms(entry), ...forms(german[key]!)]) expect(text.trim(), key).not.toBe('');
      expect(names(german[key]!), key).toEqual(names(entry));
    }
  });
});

describe('filling in', () => {
  it('puts values into their places and leaves unknown places alone', () => {
    expect(fill('{a} of {b}', { a: 'one' })).toBe('one of {b}');
  });

  it('does not read a value as a text to be filled', () => {
    expect(fill('Hello {name}', { name: '{name}' })).toBe('Hello {name}');
  });

  it('chooses the form by number and writes numbers as the language does', () => {
    language.value = 'en';
    expect(t('agenda.found', { count: 1 })).toBe('1 session');
    expect(t('agenda.found', { count: 1200 })).toBe('1,200 sessions');
  });
});

describe('language of the browser', () => {
  it('is the first one that the app speaks', () => {
    expect(preferredLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(preferredLanguage(['en-US', 'de'])).toBe('en');
    expect(preferredLanguage(['ja'])).toBe('en');
    expect(preferredLanguage([])).toBe('en');
  });
});
