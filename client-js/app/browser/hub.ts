import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
const program = process.env['HUB_PROGRAM'] ?? join(repository, 'target/debug/plenary');

/** A mail that a hub without a mail server has written. */
export interface Mail {
  subject: string;
  text: string;
  /** The first address of the hub in the text. */
  link: string;
}

/** The real program with its own temporary folder, on ports that stay the same across restarts. */
export class Hub {
  /** Its public URL: its own address, or that of the proxy. */
  readonly address: string;
  readonly adminAddress: string;
  /** Where it listens. */
  readonly port: number;
  readonly #environment: Record<string, string>;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(folder: string, port: number, adminPort: number, settings: Record<string, string>) {
    this.#folder = folder;
    this.port = port;
    this.address = settings['PLENARY_PUBLIC_URL'] ?? `http://localhost:${port}`;
    this.adminAddress = `http://127.0.0.1:${adminPort}`;
    // Without the developer's own settings.
    this.#environment = {
      PATH: process.env['PATH'] ?? '',
      PLENARY_LISTEN: `127.0.0.1:${port}`,
      PLENARY_ADMIN_LISTEN: `127.0.0.1:${adminPort}`,
      PLENARY_PUBLIC_URL: this.address,
      PLENARY_DATA: folder,
      PLENARY_DRAIN_SECONDS: '0',
      ...settings,
    };
  }

  /** A hub that is not running yet, with these additional variables. */
  static async with(settings: Record<string, string>): Promise<Hub> {
    const folder = await mkdtemp(join(tmpdir(), 'plenary-browser-'));
    return new Hub(folder, await freePort(), await freePort(), settings);
  }

  /** Starts a hub on an empty database, with these flags for `serve`. */
  static async start(...flags: string[]): Promise<Hub> {
    const hub = await Hub.with({});
    await hub.restart(...flags);
    return hub;
  }

  /** Restarts it on its data. */
  async restart(...flags: string[]): Promise<void> {
    const child = spawn(program, ['serve', ...flags], { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (bytes: Buffer) => (this.#log += bytes.toString()));
    }
    const failed = once(child, 'exit').then(() => {
      throw new Error(`the hub ended:\n${this.#log}`);
    });
    // Only a failure during the start matters here.
    failed.catch(() => undefined);
    await Promise.race([failed, until(async () => (await fetch(`${this.adminAddress}/readyz`)).ok)]);
  }

  /** Kills it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it gracefully. */
  async drain(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it gracefully and deletes its data. */
  async stop(): Promise<void> {
    await this.drain();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs another command of the program on the same data and returns its output. */
  async run(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, command, { env: this.#environment });
    return stdout;
  }

  /** Its output and log so far. */
  get log(): string {
    return this.#log;
  }

  /** The newest mail to this address that contains these words; waits for it. */
  async mailTo(recipient: string, words = ''): Promise<Mail> {
    return until(async () => {
      const list = await (await fetch(`${this.adminAddress}/mail`)).text();
      for (const [row, id] of list.matchAll(/<tr><td>.*?href="\/mail\/([^"]+)".*?(?=<tr>|<\/table>)/gs)) {
        if (!row.includes(recipient)) continue;
        const mail = await this.#mail(id ?? '');
        if (mail.subject.includes(words) || mail.text.includes(words)) return mail;
      }
      return undefined;
    });
  }

  /** The value of this metric; undefined while it is not running. */
  async metric(name: string): Promise<number> {
    if (this.#process === undefined) return 0;
    const metrics = await (await fetch(`${this.adminAddress}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
  }

  async #mail(id: string): Promise<Mail> {
    const page = await (await fetch(`${this.adminAddress}/mail/${id}`)).text();
    const subject = unescape(/<h1>(.*?)<\/h1>/s.exec(page)?.[1] ?? '');
    const text = unescape((/<pre>(.*?)<\/pre>/s.exec(page)?.[1] ?? '').replace(/<[^>]*>/g, ''));
    const link = text.split(/\s/).find((word) => word.startsWith(this.address)) ?? '';
    return { subject, text, link };
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

/** Polls until there is an answer, for half a minute. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 30_000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nothing came within 30 seconds', { cause: last });
}

/** A free loopback port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
