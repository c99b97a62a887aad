import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, repository, until } from './hub.ts';

/** Programs that scripts/install-missing only unpacks, because installing would start them. */
const unpacked = join(repository, 'target/servers/debian/usr');
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', join(unpacked, 'bin'), join(unpacked, 'sbin')];

const isRoot = userInfo().uid === 0;

const find = (program: string): string | undefined => folders.map((folder) => join(folder, program)).find(existsSync);

/** The programs of a cluster that this machine lacks. */
export function missingPrograms(): string[] {
  return ['mariadb-install-db', 'mariadbd', 'redis-server', 'nginx'].filter((program) => find(program) === undefined);
}

function programNamed(name: string): string {
  const program = find(name);
  if (program === undefined) throw new Error(`${name} is missing: scripts/install-missing brings it`);
  return program;
}

/** A server on a loopback port, with its own folder. */
export class Server {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** Starts it, and waits until it listens. */
  static async start(name: string, port: number, settings: string[]): Promise<Server> {
    const program = programNamed(name);
    const libraries = existsSync(join(unpacked, 'lib')) ? readdirSync(join(unpacked, 'lib')).map((folder) => join(unpacked, 'lib', folder)) : [];
    const child = spawn(program, settings, {
      env: { PATH: process.env['PATH'], ...(program.startsWith(unpacked) && { LD_LIBRARY_PATH: libraries.join(delimiter) }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const output of [child.stdout, child.stderr]) output?.on('data', (bytes: Buffer) => (log += bytes.toString()));
    const failed = once(child, 'exit').then(() => {
      throw new Error(`${name} ended:\n${log}`);
    });
    failed.catch(() => undefined);
    await Promise.race([failed, until(() => listens(port))]);
    return new Server(child, port);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
  }
}

/** MariaDB with an empty database `plenary`; its user `root` has no password. */
export async function startMariadb(folder: string): Promise<Server> {
  const data = join(folder, 'data');
  const user = isRoot ? ['--user=root'] : [];
  await mkdir(folder);
  const flags = ['--no-defaults', `--tmpdir=${folder}`, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user];
  await promisify(execFile)(programNamed('mariadb-install-db'), flags);
  const first = join(folder, 'first.sql');
  await writeFile(first, 'CREATE DATABASE plenary CHARACTER SET utf8mb4;\n');
  const port = await freePort();
  return Server.start('mariadbd', port, [
    '--no-defaults', `--datadir=${data}`, `--tmpdir=${folder}`, `--socket=${join(folder, 'socket')}`, `--init-file=${first}`,
    '--bind-address=127.0.0.1', `--port=${port}`, '--innodb-buffer-pool-size=64M',
    // Only hubs are killed here, never this server: power failures do not matter.
    '--innodb-flush-log-at-trx-commit=0',
    ...user,
  ]);
}

/** Redis without persistence. */
export async function startRedis(folder: string): Promise<Server> {
  await mkdir(folder);
  const port = await freePort();
  return Server.start('redis-server', port, ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']);
}

/** nginx in front of two hubs, configured by docs/deploy/nginx.conf, without TLS. */
export async function startNginx(folder: string, port: number, hubs: readonly number[]): Promise<Server> {
  await mkdir(folder);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, nginxConfiguration(folder, port, hubs));
  const process = ['daemon off;', `pid ${join(folder, 'pid')};`, ...(isRoot ? ['user root root;'] : [])];
  return Server.start('nginx', port, ['-p', folder, '-c', file, '-e', 'stderr', '-g', process.join(' ')]);
}

/** The example itself is tested: only names, addresses, TLS and file paths are replaced. */
function nginxConfiguration(folder: string, port: number, hubs: readonly number[]): string {
  const files = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${join(folder, kind)};`);
  const changes: [RegExp, string][] = [
    [/http \{\n/, `http {\n    access_log off; ${files.join(' ')}\n`],
    [/ {4}server \{\n +listen 80;[^}]*\}\n\n/, ''],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port};`],
    [/server_name conference\.example;/, 'server_name localhost;'],
    [/ +ssl_certificate .*\n/, ''],
    [/ +ssl_certificate_key .*\n/, ''],
    ...hubs.map((hub, index): [RegExp, string] => [new RegExp(`hub${index + 1}:8080`), `127.0.0.1:${hub}`]),
  ];
  const example = readFileSync(join(repository, 'docs/deploy/nginx.conf'), 'utf8');
  return changes.reduce((text, [found, instead]) => {
    if (!found.test(text)) throw new Error(`docs/deploy/nginx.conf has no ${String(found)}`);
    return text.replace(found, () => instead);
  }, example);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}
