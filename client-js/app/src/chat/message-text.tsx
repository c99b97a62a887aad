import { useMemo } from 'preact/hooks';
import { findAddresses, type Piece } from '../lib/links';
import { isLong } from '../lib/lines';
import { Lazy } from '../shell/lazy';
import './message-text.css';

const richText = () => import('./rich-text');

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

/** A message's text. One with Markdown links, or a long one, takes more code, which few do. */
export function MessageText({ text }: { text: string }) {
  const rich = isLong(text) || text.includes('](');
  const pieces = useMemo(() => (rich ? [] : findAddresses(text)), [text]);
  if (rich) return <Lazy load={richText} props={{ text, Pieces }} waiting={<p class="chat-message-text">{text.slice(0, 400)}</p>} />;
  return (
    <p class="chat-message-text">
      <Pieces pieces={pieces} />
    </p>
  );
}
