import { describe, expect, it } from 'vitest';
import type { ChatMessage } from 'plenary-client';
import { Announcer, summarise, type Heard } from '../src/ui/announcer';
import { suggestions } from '../src/chat/find-people';
import { chosenIn, completeMention, stillChosen } from '../src/chat/chosen';
import { mentionAt, mentioned } from '../src/chat/mentions';
import { logRows } from '../src/chat/rows';
import { isLong } from '../src/lib/lines';
import { deviceName } from '../src/account/device';
import { findLinks } from '../src/lib/markdown-links';
import { menuPosition } from '../src/ui/menu-list';
import { pretendBrowser } from './browser-globals';

const minute = 60_000;
const noon = Date.parse('2019-08-21T12:00:00Z');
const ada = { id: 'ada', name: 'Ada Lovelace' };
const grace = { id: 'grace', name: 'Grace Hopper' };

function message(seq: number, sender: { id: string; name: string }, after: number, more: object = {}): ChatMessage {
  return { seq, changed: seq, ordinal: seq, sender, client_id: `c${seq}`, sent_at: noon + after, text: 'hello', ...more };
}

describe('rows of the log', () => {
  const options = { zone: 'UTC', newAfter: undefined, self: 'ada', complete: false };
  const kinds = (messages: ChatMessage[], more: object = {}): string[] =>
    logRows(messages, { ...options, ...more }).map((row) => (row.kind === 'message' ? `${row.key}${row.continued ? '+' : ''}` : row.kind));

  it('put messages of one person within five minutes under one name', () => {
    expect(kinds([message(1, ada, 0), message(2, ada, minute), message(3, grace, 2 * minute), message(4, grace, 9 * minute)])).toEqual(['day', 'm1', 'm2+', 'm3', 'm4']);
  });

  it('start over after a reply, a deleted message and at midnight', () => {
    const late = 12 * 60 * minute - 1000;
    expect(kinds([message(1, ada, 0), message(2, ada, 1, { reply_to: 1 }), message(3, ada, 2, { deleted: 'author', text: undefined }), message(4, ada, 3)])).toEqual(['day', 'm1', 'm2', 'm3+', 'm4']);
    expect(kinds([message(1, ada, late), message(2, ada, late + 2000)])).toEqual(['day', 'm1', 'day', 'm2']);
  });

  it('fold runs of deleted messages into one, until they are unfolded', () => {
    const gone = { deleted: 'moderator', text: undefined };
    const messages = [message(1, ada, 0), message(2, grace, 1, gone), message(3, grace, 2, gone), message(4, ada, 3, gone), message(5, ada, 4)];
    expect(kinds(messages)).toEqual(['day', 'm1', 'removed', 'm5']);
    expect(logRows(messages, options)[2]).toMatchObject({ key: 'r2', count: 3, unfolded: false });
    expect(kinds(messages, { unfolded: new Set(['r2']) })).toEqual(['day', 'm1', 'removed', 'm2', 'm3', 'm4', 'm5']);
    expect(kinds(messages.toSpliced(2, 2))).toEqual(['day', 'm1', 'm2', 'm5']);
  });

  it('draw the line before the first message of somebody else that is new', () => {
    const messages = [message(1, grace, 0), message(2, ada, 1), message(3, grace, 2), message(4, grace, 3)];
    expect(kinds(messages, { newAfter: 1 })).toEqual(['day', 'm1', 'm2', 'new', 'm3', 'm4+']);
    expect(kinds(messages, { newAfter: 4 })).toEqual(['day', 'm1', 'm2', 'm3', 'm4+']);
  });

  it('identify pending messages by their client id', () => {
    const sending: ChatMessage = { pending: 'sending', channel: 'talk', client_id: 'x', sender: ada, text: 'hi', sent_at: noon };
    expect(kinds([sending])).toEqual(['day', 'px']);
  });

  it('show the start of the conversation once everything is loaded', () => {
    expect(kinds([message(1, ada, 0)], { complete: true })[0]).toBe('start');
    expect(kinds([], { complete: true })).toEqual([]);
  });
});

describe('a long message', () => {
  // Loaded with the components around it, which ask the browser about itself.
  const folded = async (text: string): Promise<string> => {
    pretendBrowser();
    const { fold } = await import('../src/chat/rich-text');
    return fold(findLinks(text)).map((piece) => piece.text).join('');
  };
  const lines = (count: number): string => Array.from({ length: count }, (_, number) => `line ${number + 1}`).join('\n');

  it('is one of many lines, or of long ones', () => {
    expect([lines(24), 'word '.repeat(200)].map(isLong)).toEqual([false, false]);
    expect([lines(25), '\n'.repeat(1500), 'word '.repeat(300)].map(isLong)).toEqual([true, true, true]);
  });

  it('is folded between its lines or words', async () => {
    expect(await folded(lines(1500))).toBe(lines(12));
    const words = await folded('word '.repeat(300));
    expect(words.length).toBeGreaterThan(500);
    expect(words).toMatch(/ word$/);
    const unbroken = await folded('語'.repeat(4000));
    expect([...unbroken].every((character) => character === '語')).toBe(true);
  });

  it('keeps its links whole', async () => {
    const address = `https://docs.example/${'a'.repeat(300)}`;
    const text = `${'word '.repeat(110)}${address} ${'word '.repeat(200)}`;
    expect(await folded(text)).toBe(`${'word '.repeat(110)}${address}`);
  });
});

describe('what is read aloud', () => {
  const sentences = { said: (name: string, text: string) => `${name}: ${text}`, mentioned: (name: string, text: string) => `! ${name}: ${text}`, count: (count: number) => `${count} new` };
  const heard = (text: string, important = false): Heard => ({ name: 'Ada', text, important });

  it('is each message of a quiet room, and only the number of a busy one', () => {
    expect(summarise([heard('a'), heard('b')], sentences)).toBe('Ada: a\nAda: b');
    expect(summarise([heard('a'), heard('b'), heard('c')], sentences)).toBe('3 new');
  });

  it('is always the mention, also in a busy room', () => {
    expect(summarise([heard('a'), heard('b'), heard('you', true), heard('c')], sentences)).toBe('! Ada: you\n3 new');
  });

  it('is short', () => {
    expect(summarise([heard('x'.repeat(5000))], sentences).length).toBeLessThan(300);
  });

  it('comes in pauses: what arrives in one becomes one announcement', () => {
    const said: string[] = [];
    const timers: { at: number; run: () => void }[] = [];
    const announcer = new Announcer((text) => said.push(text), sentences, (at, run) => timers.push({ at, run }));
    const tick = (): number => {
      const timer = timers.shift()!;
      timer.run();
      return timer.at;
    };
    announcer.hear(heard('a'));
    tick();
    expect(said).toEqual(['Ada: a']);
    for (const text of ['b', 'c', 'd']) announcer.hear(heard(text));
    expect(said).toHaveLength(1);
    expect(tick()).toBe(3000);
    expect(said[1]).toBe('3 new');
    expect(tick()).toBe(15_000);
    expect(timers).toHaveLength(0);
    announcer.hear(heard('e'));
    tick();
    expect(said[2]).toBe('Ada: e');
  });
});

describe('mentions', () => {
  it('are being typed after an @ at the start of a word', () => {
    expect(mentionAt('hello @gr', 9)).toEqual({ from: 6, text: 'gr' });
    expect(mentionAt('@', 1)).toEqual({ from: 0, text: '' });
    expect(mentionAt('@grace ho', 9)).toEqual({ from: 0, text: 'grace ho' });
    for (const text of ['mail a@gr', 'no mention', '@grace hopper and', '@gr\n']) expect(mentionAt(text, text.length)).toBeUndefined();
  });

  it('are completed in place', () => {
    expect(completeMention('hi @gr, there', { from: 3, text: 'gr' }, 6, 'Grace Hopper')).toEqual({ text: 'hi @Grace Hopper , there', cursor: 17 });
  });

  it('find people by the beginning of any of their names, without accents, each once', () => {
    const people = [ada, grace, { id: 'z', name: 'Zoë Spärck' }, grace];
    expect(suggestions(people, 'hop')).toEqual([grace]);
    expect(suggestions(people, 'spar').map(({ id }) => id)).toEqual(['z']);
    expect(suggestions(people, 'race')).toEqual([]);
  });

  const first = { id: 'first', name: 'Alex Kim', from: 0 };
  const second = { id: 'second', name: 'Alex Kim', from: 10 };

  it('are of who was chosen, not of whose name the text contains', () => {
    expect(stillChosen([first], '@Alex Kim ', '', 0)).toEqual([]);
    expect(stillChosen([first, second], '@Alex Kim @Alex Kim ', '@Alex Kim ', 0), 'the first is deleted').toEqual([{ ...second, from: 0 }]);
    expect(stillChosen([first, second], '@Alex Kim @Alex Kim ', '@Alex Kim ', 10), 'the second').toEqual([first]);
  });

  it('move with the text around them, and end when their words change', () => {
    expect(stillChosen([first], '@Alex Kim hi', 'Oh, @Alex Kim hi', 4)).toEqual([{ ...first, from: 4 }]);
    expect(stillChosen([first], '@Alex Kim hi', '@Alex Kim high', 14)).toEqual([first]);
    expect(stillChosen([first], '@Alex Kim hi', '@Alx Kim hi', 3)).toEqual([]);
    expect(stillChosen([first], '@Alex Kim hi', '@Alex Kim hi', 3)).toEqual([first]);
  });

  it('are found in a message that is edited', () => {
    const people = [{ id: 'second', name: 'Alex Kim' }, ada, { id: 'first', name: 'Alex Kim' }];
    expect(chosenIn('@Alex Kim hi', ['second'], people)).toEqual([{ ...second, from: 0 }]);
    expect(chosenIn('@Alex Kim @Alex Kim', ['first', 'second'], people).map(({ from }) => from)).toEqual([0, 10]);
    expect(chosenIn('hi', ['second'], people)).toEqual([]);
  });

  it('count each person once, ten at most', () => {
    expect(mentioned([first, { ...first, from: 20 }, second], ['second', 'other'])).toEqual(['first', 'second', 'other']);
    expect(mentioned(Array.from({ length: 15 }, (_, place) => ({ id: `p${place}`, name: 'P', from: place * 3 })))).toHaveLength(10);
  });
});

describe('a menu', () => {
  const view = { width: 400, height: 800 };
  it('opens below its button, above where there is no room, and never leaves the window', () => {
    expect(menuPosition({ left: 300, right: 340, top: 100, bottom: 140 }, { width: 200, height: 300 }, view)).toEqual({ left: 140, top: 144 });
    expect(menuPosition({ left: 300, right: 340, top: 700, bottom: 740 }, { width: 200, height: 300 }, view)).toEqual({ left: 140, top: 396 });
    expect(menuPosition({ left: 300, right: 390, top: 100, bottom: 124 }, { width: 200, height: 300 }, { width: 600, height: 800 }).left, 'begins with a word').toBe(300);
    expect(menuPosition({ left: 300, right: 390, top: 100, bottom: 124 }, { width: 200, height: 300 }, { width: 600, height: 800 }, true).left, 'begins at the right').toBe(190);
    expect(menuPosition({ left: 60, right: 100, top: 100, bottom: 140 }, { width: 200, height: 300 }, view, true).left, 'ends with an icon at the left').toBe(60);
    expect(menuPosition({ left: 0, right: 40, top: 300, bottom: 340 }, { width: 200, height: 790 }, view)).toEqual({ left: 4, top: 6 });
  });
});

describe('a device', () => {
  it('is called by its browser and system', () => {
    expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox, Linux');
    expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1')).toBe('Safari, iOS');
    expect(deviceName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0')).toBe('Edge, Windows');
    expect(deviceName('curl/8.5')).toBe('');
    expect(deviceName(null)).toBe('');
  });
});
