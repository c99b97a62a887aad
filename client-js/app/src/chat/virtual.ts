/** A range of rows: from `start` up to, but not including, `end`. */
export interface Range {
  start: number;
  end: number;
}

/** What stays in its place while rows are added, removed or measured again. */
export type Anchor = 'bottom' | { key: string; offset: number };

/** What the heights need to know about a row. */
export interface Row {
  readonly key: string;
  /** Estimated height in pixels, until it has been measured. */
  readonly estimate: number;
  /** May move or look different once older rows are loaded: unsuitable as an anchor. */
  readonly provisional?: true;
}

/**
 * The position of each row of a long list, although only visible ones have ever been laid out: measured heights are
 * stored by key, the others estimated. Everything is in pixels from the top of the list.
 */
export class RowHeights {
  #rows: readonly Row[] = [];
  readonly #measured = new Map<string, number>();
  readonly #places = new Map<string, number>();
  /** Top of each row and, last, the whole height. */
  #tops: number[] = [0];
  /** `tops` is right up to this row. */
  #validUpTo = 0;

  setRows(rows: readonly Row[]): void {
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#places.clear();
    rows.forEach((row, place) => this.#places.set(row.key, place));
    this.#tops.length = rows.length + 1;
    this.#tops[0] = 0;
    this.#validUpTo = 0;
    // Rows that were let go need no memory; the list itself is bounded.
    if (this.#measured.size > rows.length * 2 + 100) {
      for (const key of this.#measured.keys()) if (!this.#places.has(key)) this.#measured.delete(key);
    }
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Stores a height; returns whether it has changed. */
  measure(key: string, height: number): boolean {
    const place = this.#places.get(key);
    if (place === undefined || Math.abs((this.#measured.get(key) ?? -1) - height) < 0.5) return false;
    this.#measured.set(key, height);
    this.#validUpTo = Math.min(this.#validUpTo, place);
    return true;
  }

  /** All heights were measured at another width: estimate them until they are measured again. */
  forget(): void {
    this.#measured.clear();
    this.#validUpTo = 0;
  }

  #settle(): void {
    for (let place = this.#validUpTo; place < this.#rows.length; place++) {
      const row = this.#rows[place]!;
      this.#tops[place + 1] = this.#tops[place]! + (this.#measured.get(row.key) ?? row.estimate);
    }
    this.#validUpTo = this.#rows.length;
  }

  get total(): number {
    this.#settle();
    return this.#tops[this.#rows.length]!;
  }

  topOf(place: number): number {
    this.#settle();
    return this.#tops[Math.min(Math.max(0, place), this.#rows.length)]!;
  }

  placeOf(key: string): number | undefined {
    return this.#places.get(key);
  }

  /** The row at a height; the first or the last one beyond the ends. */
  rowAt(y: number): number {
    this.#settle();
    let low = 0;
    let high = this.#rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#tops[middle]! <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** The rows to render for a window of the list, with `beyond` pixels before and after it. */
  visible(scrollTop: number, height: number, beyond: number): Range {
    if (!this.#rows.length) return { start: 0, end: 0 };
    return { start: this.rowAt(scrollTop - beyond), end: this.rowAt(scrollTop + height + beyond) + 1 };
  }

  /** The anchor at a scroll position: the end if it is (nearly) visible, otherwise the first visible row that stays in place. */
  anchorAt(scrollTop: number, height: number, nearEnd = 48): Anchor {
    if (!this.#rows.length || scrollTop + height >= this.total - nearEnd) return 'bottom';
    let place = this.rowAt(scrollTop);
    while (this.#rows[place]!.provisional && place < this.#rows.length - 1) place++;
    return this.anchorOf(place, scrollTop);
  }

  /** The anchor that keeps this row where it is. */
  anchorOf(place: number, scrollTop: number): { key: string; offset: number } {
    return { key: this.#rows[place]!.key, offset: scrollTop - this.topOf(place) };
  }

  /** The scroll position that keeps an anchor in its place; undefined when its row is gone. */
  scrollFor(anchor: Anchor, height: number): number | undefined {
    if (anchor === 'bottom') return Math.max(0, this.total - height);
    const place = this.#places.get(anchor.key);
    return place === undefined ? undefined : this.topOf(place) + anchor.offset;
  }
}
