import { Fragment } from 'preact';
import type { EventStore } from '../hub/event';
import { isAt } from '../lib/router';
import { formatNumber } from '../texts';
import type { Mark, Place } from './manifest';

/** The link of a place, and whether it is the current one. */
export function linkOf(store: EventStore, { path }: Pick<Place, 'path'>): { href: string; current: boolean } {
  const href = store.link(...path);
  return { href, current: isAt(href) };
}

/** Numbers and dots beside a place, with a text for screen readers. */
export function Marks({ marks }: { marks: readonly Mark[] }) {
  return (
    <>
      {marks.map((mark) =>
        mark.count === undefined ? (
          <Fragment key={mark.text}>
            <span class="dot" {...(mark.live ? { 'data-tone': 'live', title: mark.text } : {})} />
            <span class="visually-hidden">, {mark.text}</span>
          </Fragment>
        ) : (
          <span key={mark.text} class="count">
            {mark.mention && '@'}
            {formatNumber(mark.count)}
            <span class="visually-hidden"> {mark.text}</span>
          </span>
        ),
      )}
    </>
  );
}
