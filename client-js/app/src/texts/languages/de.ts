import type { TextSource } from '../catalog';

/** What German begins with, in one file: the shared texts, what is said of errors, and the words of the manifests. */
export default import.meta.glob<TextSource>(['../shared/de.ts', '../errors/de.ts', '../../*/labels/de.ts'], { eager: true, import: 'default' });
