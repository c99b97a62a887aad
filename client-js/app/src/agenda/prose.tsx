import { useMemo } from 'preact/hooks';
import type { JSX } from 'preact';
import { readMarks, type Block, type Inline } from './marks';
import './prose.css';

function Words({ content }: { content: readonly Inline[] }) {
  return (
    <>
      {content.map((piece, place): JSX.Element | string => {
        if (typeof piece === 'string') return piece;
        if (piece.kind === 'break') return <br key={place} />;
        if (piece.kind === 'code') return <code key={place}>{piece.text}</code>;
        const inner = <Words content={piece.content} />;
        if (piece.kind === 'strong') return <strong key={place}>{inner}</strong>;
        if (piece.kind === 'emphasis') return <em key={place}>{inner}</em>;
        return (
          <a key={place} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {inner}
          </a>
        );
      })}
    </>
  );
}

function Blocks({ content }: { content: readonly Block[] }) {
  return (
    <>
      {content.map((block, place) => {
        if (block.kind === 'code')
          return (
            <pre key={place} tabIndex={0}>
              <code>{block.text}</code>
            </pre>
          );
        if (block.kind === 'quote')
          return (
            <blockquote key={place}>
              <Blocks content={block.content} />
            </blockquote>
          );
        if (block.kind === 'paragraph')
          return (
            <p key={place}>
              <Words content={block.content} />
            </p>
          );
        const items = block.items.map((item, at) => (
          <li key={at}>
            <Blocks content={item} />
          </li>
        ));
        return block.start === undefined ? <ul key={place}>{items}</ul> : <ol key={place} start={block.start}>{items}</ol>;
      })}
    </>
  );
}

/** A text of the agenda, with its emphasis, lists, links, quotes and code; anything else in it is text. */
export function Prose({ text, class: className = '' }: { text: string; class?: string }) {
  const content = useMemo(() => readMarks(text), [text]);
  return (
    <div class={`agenda-prose ${className}`}>
      <Blocks content={content} />
    </div>
  );
}
