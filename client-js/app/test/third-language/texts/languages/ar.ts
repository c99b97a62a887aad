/** What Arabic begins with, in one file. It has no texts for errors. */
export default import.meta.glob(['../shared/ar.ts', '../errors/ar.ts', '../../*/labels/ar.ts'], { eager: true, import: 'default' });
