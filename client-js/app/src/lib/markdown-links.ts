import { findAddresses, safeUrl, type Piece } from './links';

/** `[words](address)`, also with a title or as a picture. */
const markdown = /!?\[((?:[^[\]\n]|\[[^[\]\n]*\])+)\]\(<?((?:https?:\/\/|www\.)[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+["'][^"'\n]*["'])?\)/giu;

/** A link with words; not one whose words are another address than the one it leads to. */
function linkWith(words: string, target: string): Piece | undefined {
  const href = safeUrl(target);
  if (!href || !words.trim()) return undefined;
  const { host } = new URL(href);
  if (!/:\/\/|www\./i.test(words)) return { text: words.trim(), href, host };
  const shown = findAddresses(words).flatMap((piece) => ('href' in piece ? [new URL(piece.href).host] : []));
  return shown.length && shown.every((other) => other === host) ? { text: words.trim(), href } : undefined;
}

/** Splits a text into plain text and links, those of Markdown, too, whose marks are left out. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(markdown)) {
    const link = linkWith(found[1]!, found[2]!);
    if (!link) continue;
    pieces.push(...findAddresses(text.slice(from, found.index)), link);
    from = found.index + found[0].length;
  }
  return [...pieces, ...findAddresses(text.slice(from))];
}
