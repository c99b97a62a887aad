import type { Page } from '@playwright/test';
import type { Plural } from '../src/texts/catalog.ts';
import { textFolders } from '../test/text-files.ts';

const forms = (entry: string | Plural): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));

/** A text as a pattern: its placeholders match anything. */
function pattern(text: string): string {
  const parts = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `^${parts.join('.+')}$`;
}

/** Texts that the sample conference contains, too: a track. */
const ofTheConference = ['People'];

/** Texts that only English has, without those that would match anything ("{name}: {text}", "{one} and {other}"). */
async function onlyEnglish(): Promise<string[]> {
  const folders = await textFolders();
  const all = (language: string): string[] => folders.flatMap(({ languages }) => Object.values(languages.get(language) ?? {}).flatMap(forms));
  const german = new Set([...all('de'), ...ofTheConference]);
  return all('en').filter((text) => !german.has(text) && /[a-z]{4}/i.test(text.replace(/\{\w+\}/g, '')));
}

/** The page's visible or spoken texts that are the app's English ones. */
export async function englishOn(page: Page): Promise<string[]> {
  const english = await onlyEnglish();
  return page.evaluate((patterns) => {
    const ones = patterns.map((text) => new RegExp(text, 's'));
    const said: string[] = [document.title.split(' · ')[0]!];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) said.push(texts.currentNode.nodeValue!.trim());
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) said.push(element.getAttribute(name) ?? '');
    }
    return said.filter((text) => text && ones.some((one) => one.test(text)));
  }, english.map(pattern));
}
