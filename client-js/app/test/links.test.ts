import { describe, expect, it } from 'vitest';
import { findLinks, safeUrl } from '../src/lib/links';

const hrefs = (text: string): string[] => findLinks(text).flatMap((piece) => ('href' in piece ? [piece.href] : []));

describe('links in messages', () => {
  it('are found among words, without the marks that end the sentence', () => {
    expect(findLinks('See https://example.org/a?b=c#d, please!')).toEqual([
      { text: 'See ' },
      { text: 'https://example.org/a?b=c#d', href: 'https://example.org/a?b=c#d' },
      { text: ', please!' },
    ]);
    expect(hrefs('www.example.org.')).toEqual(['https://www.example.org/']);
  });

  it('keep a closing bracket only when it was opened inside', () => {
    expect(hrefs('(https://example.org/wiki/Ring_(algebra))')).toEqual(['https://example.org/wiki/Ring_(algebra)']);
    expect(hrefs('(see https://example.org/x)')).toEqual(['https://example.org/x']);
    expect(hrefs('[(https://example.org/a_[b]_(c))].')).toEqual(['https://example.org/a_[b]_(c)']);
    expect(hrefs('https://example.org/(a).)')).toEqual(['https://example.org/(a)']);
    expect(hrefs('https://example.org/((a)')).toEqual(['https://example.org/((a)']);
  });

  it('are found in as little time however many brackets follow', () => {
    for (const bracket of [')', ']', ').', '](']) {
      const begun = performance.now();
      findLinks(`http://x${bracket.repeat(20_000)})`);
      expect(performance.now() - begun, bracket).toBeLessThan(300);
    }
  });

  it('lose nothing of the text', () => {
    for (const text of ['', 'no link', 'https://a.example https://b.example', 'x https://example.org/\ny', '<https://example.org>', 'http://', 'https://...']) {
      expect(findLinks(text).map((piece) => piece.text).join('')).toBe(text);
    }
  });

  it('point only to the web', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://user:secret@example.org', 'https://bank.example@evil.example']) {
      expect(hrefs(text)).toEqual([]);
      expect(safeUrl(text)).toBeUndefined();
    }
    expect(safeUrl('https://example.org/a')).toBe('https://example.org/a');
    expect(safeUrl(null)).toBeUndefined();
  });
});
