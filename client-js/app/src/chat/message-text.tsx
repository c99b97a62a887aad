import { useMemo } from 'preact/hooks';
import { findLinks, type Piece } from '../lib/links';
import { isLong } from '../lib/lines';
import { Lazy } from '../shell/lazy';
import './message-text.css';

/** Few messages are long. */
const longText = () => import('./long-text');

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

/** A message's text; a long one is folded. */
export function MessageText({ text }: { text: string }) {
  const long = isLong(text);
  const pieces = useMemo(() => (long ? [] : findLinks(text)), [text]);
  if (long) return <Lazy load={longText} props={{ text, Pieces }} waiting={<p class="chat-message-text">{text.slice(0, 400)}</p>} />;
  return (
    <p class="chat-message-text">
      <Pieces pieces={pieces} />
    </p>
  );
}
