import { plain } from './plain';

function joined(text: string, mark: string, longest: number): string {
  const words = plain(text).match(/[a-z0-9]+/g) ?? [];
  return words.join(mark).slice(0, longest).replace(new RegExp(`\\${mark}$`), '');
}

/** Name for an address, from a title: "Café & Söhne 2027" → "cafe-sohne-2027". */
export const slugFrom = (title: string): string => joined(title, '-', 50);

/** Name for a column, from a question: "What do you eat?" → "what_do_you_eat". */
export const keyFrom = (label: string): string => joined(label, '_', 40);
