import type { Millis } from "../base/mod.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** A connection without a word for this long gets a keep-alive from us (BEP 3: two minutes). */
const KEEP_ALIVE_MS = 100_000;
/** A peer without a word for this long is gone. */
const IDLE_MS = 180_000;

/** Looks after a connection, once a second: one that is silent for too long is closed, one that we are silent on is kept. */
export function keepUp({ downloads }: Swarm, peer: Peer, now: Millis): void {
  const { connection } = peer;
  if (!connection.held) {
    if (now - Math.max(connection.lastReceived, connection.releasedAt) > IDLE_MS) {
      return connection.close("Said nothing for three minutes");
    }
    downloads.tick(peer, now);
  }
  connection.tick(now);
  if (now - connection.lastSent > KEEP_ALIVE_MS) connection.out.keepAlive();
  connection.flush(now);
}
