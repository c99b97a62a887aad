import type { ConnectionState } from "./connection.js";
import type { Push } from "./wire.js";

/**
 * A part of the client that is kept in step with the hub over all connections, as a channel is. It is attached with
 * `plenary.attach`; whoever writes one needs nothing else of the connection.
 */
export interface ClientPart {
  /** The channel whose pushes it is given; without one, it is given all. */
  readonly channel?: string;
  /** A new connection: asks for everything it needs. Requests made here travel with the connection's first frame. */
  resume(): void;
  pushed(push: Push): void;
  /** The connection's state is different. In `closed` it does not come back by itself. */
  changed(state: ConnectionState): void;
}
