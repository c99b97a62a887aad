import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Hub } from './hub.ts';
import { startMariadb, startNginx, startRedis } from './servers.ts';

/** Two hubs with the same settings on MariaDB and Redis, and nginx in front of them. */
export class Cluster {
  readonly nodes: readonly [Hub, Hub];
  readonly #ends: (() => Promise<void>)[];

  private constructor(nodes: readonly [Hub, Hub], ends: (() => Promise<void>)[]) {
    this.nodes = nodes;
    this.#ends = ends;
  }

  /** Starts everything, with the sample conference, whose links are in the log of the first node. */
  static async start(): Promise<Cluster> {
    const ends: (() => Promise<void>)[] = [];
    try {
      const folder = await mkdtemp(join(tmpdir(), 'plenary-cluster-'));
      ends.push(() => rm(folder, { recursive: true, force: true }));
      const database = await startMariadb(join(folder, 'mariadb'));
      ends.push(() => database.stop());
      const redis = await startRedis(join(folder, 'redis'));
      ends.push(() => redis.stop());

      const port = await freePort();
      const settings = {
        PLENARY_PUBLIC_URL: `http://localhost:${port}`,
        PLENARY_PROXIES: '1',
        PLENARY_DATABASE: `mysql://root@127.0.0.1:${database.port}/plenary`,
        PLENARY_REDIS: `redis://127.0.0.1:${redis.port}`,
        PLENARY_DRAIN_SECONDS: '5',
      };
      const nodes = [await Hub.with(settings), await Hub.with(settings)] as const;
      for (const node of nodes) ends.push(() => node.stop());
      await nodes[0].restart('--sample');
      await nodes[1].restart();

      const nginx = await startNginx(join(folder, 'nginx'), port, nodes.map((node) => node.port));
      ends.push(() => nginx.stop());
      return new Cluster(nodes, ends);
    } catch (problem) {
      await endAll(ends);
      throw problem;
    }
  }

  /** How many sockets each node has. */
  async connections(): Promise<number[]> {
    return Promise.all(this.nodes.map((node) => node.metric('plenary_connections')));
  }

  /** Ends everything and deletes its data. */
  async stop(): Promise<void> {
    await endAll(this.#ends);
  }
}

/** Ends them in reverse order. */
async function endAll(ends: readonly (() => Promise<void>)[]): Promise<void> {
  for (const end of ends.toReversed()) await end();
}
