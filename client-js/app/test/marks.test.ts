import { describe, expect, it } from 'vitest';
import { readMarks, type Block, type Inline } from '../src/agenda/marks';

/** A text as HTML would say it, to compare. */
function words(content: readonly Inline[]): string {
  return content
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if (piece.kind === 'break') return '<br>';
      if (piece.kind === 'code') return `<code>${piece.text}</code>`;
      if (piece.kind === 'link') return `<a ${piece.href}>${words(piece.content)}</a>`;
      return piece.kind === 'strong' ? `<b>${words(piece.content)}</b>` : `<i>${words(piece.content)}</i>`;
    })
    .join('');
}

function html(content: readonly Block[]): string {
  return content
    .map((block) => {
      if (block.kind === 'paragraph') return `<p>${words(block.content)}`;
      if (block.kind === 'quote') return `<quote>${html(block.content)}</quote>`;
      if (block.kind === 'code') return `<pre>${block.text}</pre>`;
      return `<list${block.start ?? ''}>${block.items.map((item) => `<li>${html(item)}`).join('')}</list>`;
    })
    .join('');
}

const read = (text: string): string => html(readMarks(text));

describe('a text of the agenda', () => {
  it('has paragraphs and lines', () => {
    expect(read('Bring a laptop.\nTea & cake afterwards.\n\nEnd')).toBe('<p>Bring a laptop.<br>Tea & cake afterwards.<p>End');
    expect(read('')).toBe('');
  });

  it('has links, given words or bare', () => {
    expect(read('Read [the paper](https://docs.example/paper) first.')).toBe('<p>Read <a https://docs.example/paper>the paper</a> first.');
    expect(read('Slides: https://docs.example/slides')).toBe('<p>Slides: <a https://docs.example/slides>https://docs.example/slides</a>');
    expect(read('[see [this](https://a.example/)]')).toBe('<p>[see <a https://a.example/>this</a>]');
    expect(read('[https://shown.example/](https://real.example/)')).toBe('<p><a https://real.example/>https://shown.example/</a>');
  });

  it('follows nothing but addresses on the web', () => {
    expect(read('[x](javascript:alert(1)) [y](data:text/html,z) [w](/here)')).not.toContain('<a');
  });

  it('has emphasis and code', () => {
    expect(read('*a* **b** ***c*** `d*e` `` f`g ``')).toBe('<p><i>a</i> <b>b</b> <b><i>c</i></b> <code>d*e</code> <code>f`g</code>');
    expect(read('*a***b** [**c**](https://d.example/e)')).toBe('<p><i>a</i><b>b</b> <a https://d.example/e><b>c</b></a>');
  });

  it('has lists in lists, and what follows them', () => {
    expect(read('- one\n- two\n  more\n  - deeper\n    1. deepest\n- three\n\nEnd')).toBe(
      '<list><li><p>one<li><p>two<br>more<list><li><p>deeper<list1><li><p>deepest</list></list><li><p>three</list><p>End',
    );
    expect(read('3. three\n4. four\n- other')).toBe('<list3><li><p>three<li><p>four</list><list><li><p>other</list>');
  });

  it('has quotes and blocks of code', () => {
    expect(read('> said\n>\n> - item')).toBe('<quote><p>said<list><li><p>item</list></quote>');
    expect(read('```\n- a *b*\n\n  c\n```\nEnd')).toBe('<pre>- a *b*\n\n  c</pre><p>End');
    expect(read('- ```\n  code\n\n  more\n  ```\n- next')).toBe('<list><li><pre>code\n\nmore</pre><li><p>next</list>');
  });

  it('shows what is no mark as it is', () => {
    for (const text of ['2 * 3 * 4', 'a ** b', 'snake_case_', 'unclosed *mark', 'unclosed `code', '<b>&amp;</b>', '[a] (b)', 'C:\\dir', '-no list', '1.5 h']) expect(read(text)).toBe(`<p>${text}`);
    expect(read('2 \\* 3, \\[a\\](b), \\`c\\`, 1\\. d, \\- e, \\> f, g\\\\*h*')).toBe('<p>2 * 3, [a](b), `c`, 1. d, - e, > f, g\\<i>h</i>');
  });

  it('is read in little time, however it is written', () => {
    for (const part of ['*', '**', '[', '[a](', '`', '``a', '> ', '- ', '\\', '*a ', '\n- a\n  - b']) {
      const begun = performance.now();
      // The longest text that the hub keeps.
      readMarks(part.repeat(50_000 / part.length));
      expect(performance.now() - begun, part).toBeLessThan(1_000);
    }
  });
});
