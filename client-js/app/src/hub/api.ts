import { Rest } from 'plenary-client/rest';

/** The hub's REST interface. What has not changed comes from the browser's own cache. */
export const api = new Rest();
