/** A piece of a message: plain text, or an address that can be followed. */
export type Piece = { text: string } | { text: string; href: string };

const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu;

/** Marks that end a sentence rather than an address; a closing bracket belongs to it only when it was opened in it. */
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

/** Only addresses of the web: no script, no data, no file, and nothing that hides its host behind a user name. */
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

/** Cuts a text into what is said and the links in it. The pieces together are the text. */
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
