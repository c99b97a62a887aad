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
  if (!text) return undefined;
  let url: URL;
  try {
    url = new URL(/^www\./i.test(text) ? `https://${text}` : text);
  } catch {
    return undefined;
  }
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url.href : undefined;
}

/** Splits a text into plain text and addresses. The pieces together are the text. */
export function findAddresses(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  address.lastIndex = 0;
  for (let found; (found = address.exec(text)); ) {
    const shown = trimmed(found[0], text[found.index - 1] === "'");
    const href = safeUrl(shown);
    // What was left out may hold the next address.
    address.lastIndex = found.index + Math.max(1, shown.length);
    if (!href || shown.length < 8) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ text: shown, href });
    from = address.lastIndex;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
