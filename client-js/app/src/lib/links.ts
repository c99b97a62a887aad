/** A piece of a message: plain text, or a link. */
export type Piece = { text: string } | { text: string; href: string };

const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu;

/** Trims punctuation that ends a sentence rather than an address; a closing bracket is kept only if it was opened inside. */
function trimmed(found: string): string {
  const unopened = (opening: string, closing: string): number => found.split(closing).length - found.split(opening).length;
  let round = unopened('(', ')');
  let square = unopened('[', ']');
  let end = found.length;
  for (; end; end--) {
    const last = found[end - 1]!;
    if (last === ')' ? round-- <= 0 : last === ']' ? square-- <= 0 : !/[.,:;!?…*_~]/u.test(last)) break;
  }
  return found.slice(0, end);
}

/** Only web addresses: no script, data or file, and nothing that hides its host behind a user name. */
export function safeUrl(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  let url: URL;
  try {
    url = new URL(text.startsWith('www.') ? `https://${text}` : text);
  } catch {
    return undefined;
  }
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url.href : undefined;
}

/** Splits a text into plain text and links. The pieces together are the text. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(address)) {
    const shown = trimmed(found[0]);
    const href = safeUrl(shown);
    if (!href || shown.length < 8) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ text: shown, href });
    from = found.index + shown.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
