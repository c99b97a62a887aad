import type { Manifest } from '../shell/manifest';

/** What an event is, beside the pages through which people come in. Their texts come with them. */
export default {} satisfies Manifest;
