import { Rest } from 'plenary-client/rest';

/** The hub's REST interface. Unchanged answers come from the browser's cache. */
export const api = new Rest();
