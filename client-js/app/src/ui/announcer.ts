/** What is announced of a message. */
export interface Heard {
  name: string;
  text: string;
  /** A mention of the reader or a direct message: always read in full. */
  important: boolean;
}

/** The sentences for a batch; the texts come from the caller's language. */
export interface Sentences {
  said: (name: string, text: string) => string;
  mentioned: (name: string, text: string) => string;
  count: (count: number) => string;
}

/** Up to this many messages of one batch are read aloud; of more, only the number. */
const readAloud = 2;
/** Longer messages are truncated; the full text is in the log. */
const longest = 240;

const short = (text: string): string => {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length > longest ? `${characters.slice(0, longest).join('')} …` : characters.join('');
};

/** Combines what arrived since the last time into one announcement. */
export function summarise(batch: readonly Heard[], sentences: Sentences): string {
  const important = batch.filter((heard) => heard.important).slice(-3);
  const others = batch.filter((heard) => !heard.important);
  const spoken = important.map(({ name, text }) => sentences.mentioned(name, short(text)));
  if (others.length > readAloud) spoken.push(sentences.count(others.length));
  else spoken.push(...others.map(({ name, text }) => sentences.said(name, short(text))));
  return spoken.join('\n');
}

/**
 * A budget for the live region: after an announcement there is a pause, and everything that arrives during it becomes
 * one announcement. The busier the room, the longer the pause, so that the screen reader stays usable.
 */
export class Announcer {
  #waiting: Heard[] = [];
  #running = false;

  constructor(
    private readonly announce: (text: string) => void,
    private readonly sentences: Sentences,
    private readonly after: (milliseconds: number, run: () => void) => void,
    private readonly pauses: { quiet: number; busy: number } = { quiet: 3000, busy: 15_000 },
  ) {}

  hear(heard: Heard): void {
    // Of a flood only the number is told; the texts need not be kept.
    if (this.#waiting.length < 500) this.#waiting.push(heard);
    if (this.#running) return;
    this.#running = true;
    // A moment for what arrives together.
    this.after(300, () => this.#speak());
  }

  #speak(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (!batch.length) {
      this.#running = false;
      return;
    }
    this.announce(summarise(batch, this.sentences));
    this.after(batch.length > readAloud ? this.pauses.busy : this.pauses.quiet, () => this.#speak());
  }
}
