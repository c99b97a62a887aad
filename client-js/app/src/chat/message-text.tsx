import { useMemo } from 'preact/hooks';
import { findLinks } from '../lib/links';
import './message-text.css';

/** A message's text, rendered as text nodes and links, never as markup. */
export function MessageText({ text }: { text: string }) {
  const pieces = useMemo(() => findLinks(text), [text]);
  return (
    <p class="chat-message-text">
      {pieces.map((piece, place) =>
        'href' in piece ? (
          <a key={place} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
