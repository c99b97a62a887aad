import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import { useSignal, type Signal } from '@preact/signals';
import type { LogRow } from './rows';
import { RowHeights, type Anchor, type Range } from './virtual';

/** Pixels rendered beyond the visible part, so that scrolling shows no gaps. */
const beyond = 600;

/** A row that somebody is about to use: its menu is open, its buttons are under the pointer, or the keys have led there. */
const inUse = `[data-row]:has([aria-haspopup][aria-expanded='true'], :focus-visible${matchMedia('(hover: hover)').matches ? ', .chat-message-toolbar:hover' : ''})`;

export interface VirtualRows {
  range: Signal<Range>;
  total: Signal<number>;
  /** The newest message is visible. */
  atEnd: Signal<boolean>;
  /** The oldest loaded message is near. */
  nearStart: Signal<boolean>;
  /** The rows to render, with their tops; always includes the focused one. */
  drawn(rows: readonly LogRow[]): { row: LogRow; top: number }[];
  /** Ref of each rendered row. */
  measure: (element: HTMLElement | null) => void;
  toEnd(): void;
  /** Scrolls as little as needed to make a row visible. */
  show(key: string): void;
}

/** Keeps only the visible rows in the page, and what is being read in its place whatever happens around it. */
export function useVirtualRows(scroller: RefObject<HTMLDivElement | null>, rows: readonly LogRow[], active: Signal<string | undefined>): VirtualRows {
  const heights = useRef<RowHeights>(undefined);
  heights.current ??= new RowHeights();
  const list = heights.current;
  const anchor = useRef<Anchor>('bottom');
  /** The anchor is a row in use instead of the end, to which the list returns afterwards. */
  const waiting = useRef(false);
  const observer = useRef<ResizeObserver>(undefined);
  const observed = useRef(new Map<Element, string>());
  const range = useSignal<Range>({ start: Math.max(0, rows.length - 40), end: rows.length });
  const total = useSignal(0);
  const atEnd = useSignal(true);
  const nearStart = useSignal(false);
  /** The last position and height set by the code: its scroll event is not the reader's. */
  const put = useRef({ top: -1, height: 0 });
  /** Redraws that change neither range nor height, only tops. */
  const moved = useSignal(0);

  /** While a row is in use it keeps its place, instead of moving up with every new message. */
  const holdInUse = (): void => {
    const element = scroller.current;
    if (!element || (anchor.current !== 'bottom' && !waiting.current)) return;
    const place = list.placeOf(element.querySelector<HTMLElement>(inUse)?.dataset['row'] ?? '');
    waiting.current = place !== undefined;
    anchor.current = place === undefined ? 'bottom' : list.anchorOf(place, element.scrollTop);
  };

  if (rows !== list.rows) holdInUse();
  list.setRows(rows);

  const leadTo = (next: Anchor): void => {
    anchor.current = next;
    waiting.current = false;
  };

  const look = (): void => {
    const element = scroller.current;
    if (!element) return;
    const next = list.visible(element.scrollTop, element.clientHeight, beyond);
    if (next.start !== range.peek().start || next.end !== range.peek().end) range.value = next;
    atEnd.value = anchor.current === 'bottom';
    nearStart.value = element.scrollTop < 800;
  };

  /** After any change of heights: the anchor goes back to where it was. */
  const settle = (): void => {
    const element = scroller.current;
    if (!element) return;
    total.value = list.total;
    // The new height must be there before the position: the browser would cut the position off.
    const inner = element.querySelector<HTMLElement>('.chat-log-rows');
    if (inner) inner.style.height = `${list.total}px`;
    const top = list.scrollFor(anchor.current, element.clientHeight);
    if (top !== undefined && Math.abs(top - element.scrollTop) >= 1) element.scrollTop = top;
    put.current = { top: element.scrollTop, height: element.clientHeight };
    // As long as the end is in view, nothing is missed.
    if (element.scrollTop + element.clientHeight >= list.total - 1) leadTo('bottom');
    moved.value++;
    look();
  };

  useLayoutEffect(settle, [rows]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let width = element.clientWidth;
    const onScroll = (): void => {
      const { top, height } = put.current;
      // A change of the list's size is handled by its observer, which runs after this event.
      if (Math.abs(element.scrollTop - top) < 1 || element.clientHeight !== height) return;
      leadTo(list.anchorAt(element.scrollTop, element.clientHeight));
      look();
    };
    // What is unfolded grows downwards, away from its beginning; folded again, its beginning is in view.
    const onClick = ({ target }: Event): void => {
      const button = (target as Element).closest('.chat-message-fold');
      const place = list.placeOf(button?.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? '');
      if (place === undefined) return;
      const top = list.topOf(place);
      leadTo(list.anchorOf(place, button?.ariaExpanded === 'true' ? Math.min(top, element.scrollTop) : element.scrollTop));
    };
    element.addEventListener('click', onClick);
    element.addEventListener('scroll', onScroll, { passive: true });
    const own = new ResizeObserver(() => {
      if (element.clientWidth !== width) {
        width = element.clientWidth;
        list.forget();
        for (const row of observed.current.keys()) list.measure(observed.current.get(row)!, (row as HTMLElement).offsetHeight);
      }
      settle();
    });
    own.observe(element);
    settle();
    return () => {
      element.removeEventListener('click', onClick);
      element.removeEventListener('scroll', onScroll);
      own.disconnect();
      observer.current?.disconnect();
    };
  }, []);

  const measure = (element: HTMLElement | null): void => {
    if (!element) return;
    const key = element.dataset['row']!;
    observer.current ??= new ResizeObserver((entries) => {
      let different = false;
      for (const entry of entries) {
        const row = entry.target as HTMLElement;
        if (!row.isConnected) {
          observer.current?.unobserve(row);
          observed.current.delete(row);
        } else if (list.measure(row.dataset['row']!, row.offsetHeight)) different = true;
      }
      if (different) settle();
    });
    if (!observed.current.has(element)) observer.current.observe(element);
    observed.current.set(element, key);
  };

  return {
    range,
    total,
    atEnd,
    nearStart,
    measure,
    drawn: (all) => {
      void moved.value;
      const { start, end } = range.value;
      const wanted = all.slice(start, end).map((row, position) => ({ row, top: list.topOf(start + position) }));
      const held = active.value === undefined ? undefined : list.placeOf(active.value);
      // In its order, which is that of reading; and an element that is moved in the page would lose the focus.
      if (held !== undefined && (held < start || held >= end) && all[held]) wanted[held < start ? 'unshift' : 'push']({ row: all[held], top: list.topOf(held) });
      return wanted;
    },
    toEnd: () => {
      leadTo('bottom');
      settle();
    },
    show: (key) => {
      const element = scroller.current;
      const place = list.placeOf(key);
      if (!element || place === undefined) return;
      const top = list.topOf(place);
      const bottom = list.topOf(place + 1);
      if (top < element.scrollTop + 8) element.scrollTop = Math.max(0, top - 64);
      else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight + 8;
      leadTo(list.anchorAt(element.scrollTop, element.clientHeight));
      look();
    },
  };
}
