import type { ProblemItem } from '../hub/api';

/** What an import of a schedule did, or would do. */
export interface ScheduleReport {
  dry_run: boolean;
  created: Counts;
  updated: Counts;
  removed: Counts;
  /** The first thousand. */
  changed: ScheduleChange[];
  cancelled: SessionBrief[];
  cancelled_count: number;
  unchanged: number;
  rooms_renamed: { before: string; after: string }[];
  /** Rooms of the event that the file does not have; they stay. */
  rooms_missing: string[];
  warnings: { where: string; message: string }[];
}

type Counts = Record<'rooms' | 'tracks' | 'sessions' | 'speakers', number>;

export interface SessionBrief {
  guid: string;
  title: string;
  room?: string | null;
  starts_at: number;
  ends_at: number;
}

export interface ScheduleChange {
  guid: string;
  title: string;
  /** "moved", "renamed", "retimed" … */
  what: string[];
  before: Values;
  after: Values;
}

type Value = string | number | boolean | null | readonly Value[];
export type Values = Readonly<Record<string, Value | undefined>>;

/** What an import of people did, or would do. With errors nothing is imported. */
export interface PeopleReport {
  dry_run: boolean;
  rows: number;
  created: number;
  changed: number;
  unchanged: number;
  /** The first hundred, as are the errors. */
  changes: { row: number; what: string[] }[];
  errors: ProblemItem[];
  error_count: number;
  warnings: ProblemItem[];
}

/** A value of a session as people read it: times in the event's zone, lists with commas. */
export function valueText(name: string, value: Value | undefined, time: (at: number) => string): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number' && name.endsWith('_at')) return time(value);
  if (Array.isArray(value)) return value.map((part: Value) => valueText(name, part, time)).join(', ') || '–';
  return String(value);
}

/** Names of the values that differ, in the order in which the report has them. */
export const differing = (change: Pick<ScheduleChange, 'before' | 'after'>): string[] =>
  [...new Set([...Object.keys(change.before), ...Object.keys(change.after)])].filter((name) => JSON.stringify(change.before[name]) !== JSON.stringify(change.after[name]));
