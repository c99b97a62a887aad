import { useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { foldedLines, isLong, lineLength } from '../lib/lines';
import type { Piece } from '../lib/links';
import { findLinks } from '../lib/markdown-links';
import { Button } from '../ui/button';
import { t } from './texts';

/** Text nodes and links, never markup. */
function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece) =>
    'href' in piece ? (
      <>
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
          {piece.text}
        </a>
        {piece.host && <span class="soft"> ({piece.host})</span>}
      </>
    ) : (
      piece.text
    ),
  );
}

/** A message with links; of a long one the beginning, and the whole of it for those who ask. */
export default function RichText({ text }: { text: string }) {
  const pieces = useMemo(() => findLinks(text), [text]);
  const long = isLong(text);
  const beginning = useMemo(() => (long ? fold(pieces) : pieces), [pieces]);
  const open = useSignal(!long);
  return (
    <>
      <p class="chat-message-text">
        <Pieces pieces={open.value ? pieces : beginning} />
        {!open.value && ' …'}
      </p>
      {long && (
        <Button small class="chat-message-fold" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
          {t(open.value ? 'chat.fold' : 'chat.unfold')}
        </Button>
      )}
    </>
  );
}

/** The first lines of a message. A link is never cut: half of an address leads elsewhere. */
export function fold(pieces: readonly Piece[]): Piece[] {
  const kept: Piece[] = [];
  let room = foldedLines * lineLength;
  for (const piece of pieces) {
    const text = 'href' in piece ? piece.text : beginningOf(piece.text, room);
    kept.push({ ...piece, text });
    room -= roomOf(text);
    if (room <= 0 || text.length < piece.text.length) break;
  }
  return kept;
}

/** The characters that a text takes up, where a line that ends takes up all of its length. */
const roomOf = (text: string): number =>
  text.split('\n').reduce((sum, line, place, all) => sum + (place < all.length - 1 ? Math.ceil(Math.max(1, line.length) / lineLength) * lineLength : line.length), 0);

/** As much of a text as fits, cut between lines or words where there are any. */
function beginningOf(text: string, room: number): string {
  if (roomOf(text) <= room) return text;
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const used = roomOf([...lines, ''].join('\n'));
    if (used + line.length > room) {
      const left = line.slice(0, Math.max(0, room - used));
      lines.push(left.slice(0, left.lastIndexOf(' ') + 1 || undefined).replace(/[\ud800-\udbff]$/, ''));
      break;
    }
    lines.push(line);
  }
  return lines.join('\n').trimEnd();
}
