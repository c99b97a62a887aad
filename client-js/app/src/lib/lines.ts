/** About how many characters of a text are on a line. */
export const lineLength = 48;
/** A text of more lines than this is folded … */
const most = 24;
/** … to this many. */
export const foldedLines = 12;

/** About how many lines a text takes up. */
export const linesOf = (text: string): number => text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0);

/** Too long to be shown unasked. */
export const isLong = (text: string): boolean => linesOf(text) > most;
