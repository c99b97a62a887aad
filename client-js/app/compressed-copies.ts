import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(?:css|html|js|json|svg|txt|webmanifest)$/;

/**
 * Writes a compressed copy (`.br`, `.gz`) beside each built file that gets smaller by it. The hub
 * serves these as they are, so that nothing is compressed while attendees wait.
 */
export function compressedCopies(): Plugin {
  let folder = '';
  return {
    name: 'compressed-copies',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !compressible.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const plain = readFileSync(path);
        for (const [ending, copy] of [['.br', brotliCompressSync(plain)], ['.gz', gzipSync(plain, { level: constants.Z_BEST_COMPRESSION })]] as const) {
          if (copy.length < plain.length) writeFileSync(path + ending, copy);
        }
      }
    },
  };
}
