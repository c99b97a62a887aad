import type { Field } from 'plenary-client/rest';

/** What a column of a table of people can contain, besides answers to the event's questions. */
const columns = ['email', 'name', 'first_name', 'last_name', 'affiliation', 'external_id', 'ticket_type', 'roles', 'languages', 'locale', 'listed', 'status'] as const;

/** The names of everything a column can be mapped to. */
export const columnNames = (fields: readonly Field[]): string[] => [...columns, ...fields.map((field) => `answers.${field.key}`)];

/** The fields of a line, by quotes and a delimiter. */
function cells(line: string, delimiter: string): string[] {
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let place = 0; place < line.length; place++) {
    const sign = line[place]!;
    if (sign === '"') {
      if (quoted && line[place + 1] === '"') {
        cell += '"';
        place++;
      } else quoted = !quoted;
    } else if (sign === delimiter && !quoted) {
      found.push(cell);
      cell = '';
    } else cell += sign;
  }
  return [...found, cell].map((text) => text.trim());
}

/** The column names in the first line of a table, using the delimiter that yields the most columns. */
export function headersOf(text: string): string[] {
  const line = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/, 1)[0] ?? '';
  const readings = [',', ';', '\t', '|'].map((delimiter) => cells(line, delimiter));
  const best = readings.reduce((a, b) => (b.length > a.length ? b : a));
  return best.filter(Boolean);
}

/** A mapping as the hub expects it: `HEADER=FIELD` for each column that is not left to be matched by name. */
export const mappingPairs = (mapping: ReadonlyMap<string, string>): string[] => [...mapping].flatMap(([header, name]) => (name ? [`${header}=${name}`] : []));

/** The address of the table of all registrations. */
export const peopleTable = (slug: string): string => `/api/v1/events/${encodeURIComponent(slug)}/export/people.csv`;
