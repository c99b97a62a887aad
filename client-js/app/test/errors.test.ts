import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlenaryError } from 'plenary-client/rest';
import { setLanguage } from '../src/texts';
import errorsDe from '../src/texts/errors/de';
import { problemText } from '../src/ui/empty';

/** The sources in a folder of the repository, as one text. */
function sources(folder: string, extension: string): string {
  const place = new URL(`../../../${folder}/`, import.meta.url);
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(extension));
  return files.map((file) => readFileSync(new URL(file, place), 'utf8')).join('\n');
}

const hub = sources('src', '.rs');
const all = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((found) => found[1]!))];
/** Everything that looks like a code. */
const codes = all(hub + sources('client-js/sdk/src', '.ts'), /"([a-z_]+(?:\.[a-z_]+)?)"/g);
/** The codes of the hub's refusals; other types have a `Self::new` with a name, which has no dot. */
const refusals = all(hub, /(?:(?:Problem|Refusal)::(?:new|conflict)\(\s*(?:(?:http::)?StatusCode::\w+,\s*)?"|Self::(?:new|conflict)\(\s*"(?=\w+\.))([a-z_.]+)"/g);

/** Only a program can cause these, or their sentences name what is wrong and where. */
const leftEnglish = ['hello.required', 'hello.twice', 'import.invalid', 'load_test.full', 'load_test.off', 'request.cross_origin', 'request.invalid', 'request.malformed', 'request.method', 'request.no_websocket', 'request.unknown_operation', 'request.wrong_host'];

describe('errors in German', () => {
  it('are known for every refusal that a person can meet', () => {
    expect(refusals.length).toBeGreaterThan(30);
    expect(refusals.filter((code) => !(code in errorsDe)).sort()).toEqual(leftEnglish);
  });

  it('all exist in the hub or the SDK', () => {
    expect(Object.keys(errorsDe).filter((code) => !codes.includes(code.replace(/^request\.invalid\..*/, 'request.invalid')))).toEqual([]);
  });
});

describe('the sentence for an error', () => {
  const taken = new PlenaryError('room.name_taken', 'Another room has this name.', { status: 409 });
  // Setting the language also writes to the document, which does not exist here.
  beforeAll(() => void vi.stubGlobal('document', { documentElement: {} }));
  beforeEach(() => setLanguage('en'));
  afterAll(() => void vi.unstubAllGlobals());

  it('is the hub\'s own in English, and depends on the code in German', async () => {
    expect(problemText(taken)).toBe('Another room has this name.');
    await setLanguage('de');
    expect(problemText(taken)).toBe('Ein anderer Raum hat diesen Namen.');
  });

  it('depends on the field where the code alone says too little', async () => {
    await setLanguage('de');
    expect(problemText(new PlenaryError('request.invalid', 'This is not your current password.', { status: 422, field: 'current' }))).toBe('Das ist nicht dein aktuelles Passwort.');
  });

  it('is the hub\'s own in German, too, for unknown codes', async () => {
    await setLanguage('de');
    expect(problemText(new PlenaryError('request.invalid', 'Name at most ten languages.', { status: 422, field: 'languages' }))).toBe('Name at most ten languages.');
  });

  it('reports an answer that is not the hub\'s', () => {
    expect(problemText(new PlenaryError('http.502', '', { status: 502 }))).toContain('502');
  });
});
