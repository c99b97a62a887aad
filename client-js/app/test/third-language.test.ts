import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withThirdLanguage, type Copy } from './third-language';

type Texts = typeof import('../src/texts');
type Agenda = typeof import('../src/agenda/texts');

let copy: Copy;
let texts: Texts;
let agenda: Agenda;
const root = { lang: '', dir: '' };

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: root });
  copy = await withThirdLanguage();
  const load = (path: string) => import(/* @vite-ignore */ pathToFileURL(`${copy.folder}/src/${path}`).href);
  texts = (await load('texts/index.ts')) as Texts;
  agenda = (await load('agenda/texts.ts')) as Agenda;
});
afterAll(async () => {
  await copy.remove();
  vi.unstubAllGlobals();
});

describe('a third language', () => {
  it('is listed under its own name, and chosen for browsers that prefer it', () => {
    expect(texts.languages).toEqual({ en: 'English', ar: 'العربية', de: 'Deutsch' });
    expect(texts.preferredLanguage(['ar-EG', 'en'])).toBe('ar');
  });

  it('falls back to English for missing texts and files, by the rules of English', async () => {
    await texts.setLanguage('ar');
    expect(texts.t('action.save')).toBe('Save');
    expect(agenda.t('agenda.list'), 'not there yet').toBe('');
    await vi.waitFor(() => expect(agenda.t('agenda.list')).toBe('List'));
    expect(texts.t('time.days', { count: 1 })).toBe(`${texts.formatNumber(1)} day`);
    expect(texts.t('time.days', { count: 2 })).toBe(`${texts.formatNumber(2)} days`);
    expect(texts.errorText('chat.empty')).toBeUndefined();
  });

  it('is loaded on demand, and gives the document its direction', async () => {
    await texts.setLanguage('en');
    expect(root).toEqual({ lang: 'en', dir: 'ltr' });
    expect(texts.t('action.close')).toBe('Close');
    await texts.setLanguage('ar');
    expect(root).toEqual({ lang: 'ar', dir: 'rtl' });
    expect(texts.t('action.close')).toBe('إغلاق');
    expect(agenda.t('agenda.title')).toBe('البرنامج');
    await texts.setLanguage('de');
    expect(root).toEqual({ lang: 'de', dir: 'ltr' });
  });

  it('has plural forms by its own rules', async () => {
    await texts.setLanguage('ar');
    const found = (count: number): string => agenda.t('agenda.found', { count });
    expect([0, 1, 2].map(found)).toEqual(['لا جلسات', 'جلسة واحدة', 'جلستان']);
    expect([3, 11, 100].map((count) => found(count).replace(/[\d\u0660-\u0669]+ /, ''))).toEqual(['جلسات', 'جلسة', 'جلسة']);
    expect(texts.unreadText(2)).toBe('رسالتان غير مقروءتين');
  });
});
