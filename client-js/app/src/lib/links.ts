/** A piece of a message: plain text, or a link; `host` is where a link leads whose words do not say it. */
export type Piece = { text: string } | { text: string; href: string; host?: string };

/**
 * Where an address ends whatever follows: at spaces and invisible characters (but not at the joiners within words); at
 * quotes and brackets of every script, and at the marks of those that put no space after them. ASCII's own brackets and
 * marks can belong to an address, and so can an apostrophe or an Arabic comma within a name. The length is bounded so
 * that a text of many addresses is not read over and over.
 */
const address =
  /(?<![a-z\d])(?:https?:\/\/|www\.)(?:[()[\]{}\u200c\u200d]|(?<=[\p{L}\p{N}])’(?=\p{L})|،(?=_)|[^\s\p{Cc}\p{Cf}\p{Cs}\p{Ps}\p{Pe}\p{Pi}\p{Pf}<>"`＂＇…—―、。！，．：；？｡､،؛؟۔।॥၊။།༎។៕፡።፣፤፧]){1,2000}/giu;

/** `[words](address)`, also with a title or as a picture. */
const markdown = /!?\[((?:[^[\]\n]|\[[^[\]\n]*\])+)\]\(<?((?:https?:\/\/|www\.)[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+["'][^"'\n]*["'])?\)/giu;

/** Marks that end a sentence or emphasize it, rather than an address. */
const ending = /(?![/#%&@-])[\p{Po}\p{Pd}\p{Ps}_~|^´〜～\u200c\u200d]/u;
const letter = /[\p{L}\p{N}]/u;
const brackets = ['()', '[]', '{}'];

/** Up to a closing bracket that was not opened inside, or the quote that closes the one before it; without the sentence's own marks. */
function trimmed(found: string, quoted: boolean): string {
  const open = brackets.map(() => 0);
  let end = 0;
  for (; end < found.length; end++) {
    const character = found[end]!;
    const kind = brackets.findIndex((pair) => pair.includes(character));
    if (kind >= 0 && (open[kind]! += character === brackets[kind]![0] ? 1 : -1) < 0) break;
    if (quoted && character === "'" && !(letter.test(found[end - 1]!) && letter.test(found[end + 1] ?? ''))) break;
  }
  while (end && ending.test(found[end - 1]!)) end--;
  return withoutNextWord(found.slice(0, end));
}

/** "https://example.org에서": no top-level domain continues in another script, so a word was written right behind it. */
const withoutNextWord = (found: string): string =>
  /^(?:https?:\/\/)?[^/?#:]*\.[a-z]{2,}(?=[^\p{ASCII}\p{Script=Latin}\p{M}][^./?#:]*(?:[/?#:]|$))/iu.exec(found)?.[0] ?? found;

/** Only web addresses: no script, data or file, and nothing that hides its host behind a user name. */
export function safeUrl(text: string | null | undefined): string | undefined {
  const url = text ? parsed(text) : undefined;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url.href : undefined;
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(/^www\./i.test(text) ? `https://${text}` : text);
  } catch {
    return undefined;
  }
}

/** A Markdown link; not one whose words are another address than the one it leads to. */
function markdownLink(words: string, target: string): Extract<Piece, { href: string }> | undefined {
  const href = safeUrl(target);
  if (!href || !words.trim()) return undefined;
  const { host } = new URL(href);
  const shown = words.match(address)?.map((found) => parsed(trimmed(found, false))?.host) ?? [];
  if (shown.some((other) => other !== host)) return undefined;
  return { text: words.trim(), href, ...(shown.length ? {} : { host }) };
}

/** Splits a text into plain text and links. The pieces together are the text, except for the marks of Markdown links. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const add = (link: Extract<Piece, { href: string }>, start: number, end: number): void => {
    if (start > from) pieces.push({ text: text.slice(from, start) });
    pieces.push(link);
    from = end;
  };
  const addAddresses = (end: number): void => {
    address.lastIndex = from;
    for (let found; (found = address.exec(text)) && found.index < end; ) {
      const shown = trimmed(found[0], text[found.index - 1] === "'");
      const href = safeUrl(shown);
      // What was left out may hold the next address.
      address.lastIndex = found.index + Math.max(1, shown.length);
      if (href && shown.length >= 8) add({ text: shown, href }, found.index, found.index + shown.length);
    }
  };
  for (const found of text.matchAll(markdown)) {
    const link = markdownLink(found[1]!, found[2]!);
    if (!link) continue;
    addAddresses(found.index);
    add(link, found.index, found.index + found[0].length);
  }
  addAddresses(text.length);
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
