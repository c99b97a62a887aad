import { describe, expect, it } from 'vitest';
import { safeUrl } from '../src/lib/links';
import { findLinks } from '../src/lib/markdown-links';

const hrefs = (text: string): string[] => findLinks(text).flatMap((piece) => ('href' in piece ? [piece.href] : []));

/** The texts that are links, each leading where it says. */
function shown(text: string): string[] {
  return findLinks(text).flatMap((piece) => {
    if (!('href' in piece)) return [];
    expect(piece.href).toBe(new URL(piece.text.startsWith('www.') ? `https://${piece.text}` : piece.text).href);
    return [piece.text];
  });
}

/** In each text, the address between the arrows is the link. */
const expectBetweenArrows = (texts: readonly string[]): void => {
  for (const marked of texts) {
    const addresses = [...marked.matchAll(/→(.*?)←/gu)].map((found) => found[1]);
    expect(shown(marked.replace(/[→←]/gu, '')), marked).toEqual(addresses);
  }
};

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

  it('keep the apostrophe of a name, and not the quotes around them', () => {
    expectBetweenArrows([
      '→https://wiki.example/Fermat\'s_theorem← has the proof',
      '→https://wiki.example/Fermat’s_theorem← has the proof',
      "'→https://docs.example/quoted←'",
      "'→https://docs.example/Fermat's←', she said",
      "['→https://a.example/1←','→https://b.example/2←']",
      '"→https://docs.example/a←", `→https://docs.example/b←`, ´→https://docs.example/c←´',
      'Start here: “→https://docs.example/start←” and go on',
      'Bitte zuerst „→https://docs.example/start←“ lesen',
      'Bitte zuerst ‚→https://docs.example/start←‘ lesen',
      'Voir « →https://docs.example/début← » ou «→https://docs.example/fin←».',
      'Läs ”→https://docs.example/start←” eller ’→https://docs.example/slut←’ först',
      'Przeczytaj „→https://docs.example/start←”.',
      '‹→https://docs.example/a←›',
      '最初に「→https://docs.example/start←」と『→https://docs.example/next←』を読む',
      '〝→https://docs.example/start←〟',
      'קראו ״→https://docs.example/start←״ קודם',
    ]);
  });

  it('end before the sentence does, in every script', () => {
    expectBetweenArrows([
      '请看→https://docs.example/start←。然后继续，',
      '请看→https://docs.example/路径←，→https://docs.example/b←；→https://docs.example/c←！好？',
      '→https://docs.example/レオナルド・ダ・ヴィンチ←、そして',
      '→https://docs.example/a←…… →https://docs.example/b←～',
      'انظر →https://docs.example/start←، ثم →https://docs.example/next←؛ هل هذا →https://docs.example/c←؟ →https://docs.example/d←۔',
      'ראו →https://docs.example/start←׃',
      'देखें →https://docs.example/start←। और →https://docs.example/b←॥',
      'Տեսեք →https://docs.example/start←։',
      'Δείτε →https://docs.example/start←· →https://docs.example/b←;',
      'ይመልከቱ →https://docs.example/start←። →https://docs.example/b←፣',
      'សូមមើល →https://docs.example/start←។',
      'ကြည့်ပါ →https://docs.example/start←။',
      '→https://docs.example/start← — then →https://docs.example/b←—then →https://docs.example/c←.',
      '**→https://docs.example/start←** _→https://docs.example/b←_ ~~→https://docs.example/c←~~ ||→https://docs.example/d←||',
      'Really →https://docs.example/start←?! Yes: →https://docs.example/x?q=1&r=a,b←...',
    ]);
  });

  it('leave out brackets that were not opened inside, in every script', () => {
    expectBetweenArrows([
      '(see →https://docs.example/a_(b)←).',
      '{→https://docs.example/a←} [→https://docs.example/b←] <→https://docs.example/c←>',
      '(→https://docs.example/a←)and so on',
      '（→https://docs.example/a←）【→https://docs.example/b←】《→https://docs.example/c←》〔→https://docs.example/d←〕',
      '〈→https://docs.example/a←〉 ⟨→https://docs.example/b←⟩ ［→https://docs.example/c←］｛→https://docs.example/d←｝',
      '→https://docs.example/{id}/x[1]←',
    ]);
  });

  it('end at invisible marks, and before a word written right behind the host', () => {
    expectBetweenArrows([
      '→https://docs.example/a←\u200b\u202ecod.lave',
      '→https://docs.example/a←\u2066x',
      '→https://example.org←에서 보세요, →https://example.com←了解',
      '→https://bücher.example/ä← →https://例え.みんな/道←',
      '→https://fa.example/می\u200cخواهم←',
    ]);
  });

  it('can be written as in Markdown, and then say where they lead', () => {
    expect(findLinks('Read [the paper](https://docs.example/a_(b) "A title"), please.')).toEqual([
      { text: 'Read ' },
      { text: 'the paper', href: 'https://docs.example/a_(b)', host: 'docs.example' },
      { text: ', please.' },
    ]);
    expect(findLinks('([Fermat\'s [last]](www.wiki.example))')).toEqual([
      { text: '(' },
      { text: "Fermat's [last]", href: 'https://www.wiki.example/', host: 'www.wiki.example' },
      { text: ')' },
    ]);
    expect(findLinks('![plan](<https://docs.example/p.png>) https://docs.example/b')).toEqual([
      { text: 'plan', href: 'https://docs.example/p.png', host: 'docs.example' },
      { text: ' ' },
      { text: 'https://docs.example/b', href: 'https://docs.example/b' },
    ]);
    expect(findLinks('[https://docs.example](https://docs.example/?a)')).toEqual([{ text: 'https://docs.example', href: 'https://docs.example/?a' }]);
  });

  it('never show another address than the one they lead to', () => {
    expect(shown('[https://bank.example](https://evil.example)')).toEqual(['https://bank.example', 'https://evil.example']);
    expect(shown('[www.bank.example now](https://evil.example/x)')).toEqual(['www.bank.example', 'https://evil.example/x']);
    for (const text of ['[x](javascript:alert(1))', '[x](data:text/html,x)', '[x](//docs.example)', '[x](/e/sample)', '[x](https://bank.example@evil.example)']) expect(hrefs(text), text).toEqual([]);
  });

  it('are found in as little time whatever is repeated', () => {
    for (const part of ['[', '[a](', '[a]', '[[a]', '(', '((', "'", '.', '[a](https://x.example/(', 'http://x)', 'www.a了.', "'https://a'"]) {
      const begun = performance.now();
      findLinks(`https://x.example/${part.repeat(1000)} [a](https://x.example/${part.repeat(1000)}`);
      expect(performance.now() - begun, part).toBeLessThan(500);
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
