import type { Field } from 'plenary-client/rest';
import { t } from './texts';

/** What a column of a table of people can contain, besides answers to the event's questions. */
const columns = ['email', 'name', 'first_name', 'last_name', 'affiliation', 'external_id', 'ticket_type', 'roles', 'languages', 'locale', 'listed', 'status'] as const;

/** The names of everything a column can be mapped to. */
export const columnNames = (fields: readonly Field[]): string[] => [...columns, ...fields.map((field) => `answers.${field.key}`)];

/** What a column contains, in words: an answer by its question. */
export function columnText(name: string, fields: readonly Field[]): string {
  const known = columns.find((column) => column === name);
  return known ? t(`column.${known}`) : (fields.find((field) => `answers.${field.key}` === name)?.label ?? name);
}

/** A mapping as the hub expects it: `HEADER=FIELD` for each column that is not left to be matched by name. */
export const mappingPairs = (mapping: ReadonlyMap<string, string>): string[] => [...mapping].flatMap(([header, name]) => (name ? [`${header}=${name}`] : []));

/** The address of the table of all registrations. */
export const peopleTable = (slug: string): string => `/api/v1/events/${encodeURIComponent(slug)}/export/people.csv`;
