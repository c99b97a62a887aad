import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('..', import.meta.url));
const asides = ['node_modules', 'dist', 'test', 'browser'];

/** A copy of the app to which only the files of a third language, Arabic, were added. */
export interface Copy {
  folder: string;
  remove: () => Promise<void>;
}

export async function withThirdLanguage(): Promise<Copy> {
  const root = await mkdtemp(join(tmpdir(), 'plenary-languages-'));
  // As in its workspace, so that it finds its packages.
  const folder = join(root, 'app');
  await cp(app, folder, { recursive: true, filter: (path) => !asides.includes(basename(path)) });
  for (const name of ['node_modules', 'tsconfig.base.json']) await symlink(join(app, '..', name), join(root, name));
  await cp(join(app, 'test/third-language'), join(folder, 'src'), { recursive: true });
  return { folder, remove: () => rm(root, { recursive: true, force: true }) };
}
