import type { Millis } from "../base/mod.ts";
import type { PeerConnection } from "../wire/mod.ts";

/** A connection whose handshake is not over. */
export interface PendingHandshake {
  readonly connection: PeerConnection;
  readonly deadline: number;
  /** It was ended because it took too long. */
  late: boolean;
}

/** The handshakes under way in a session, those we began and those of strangers: none may take for ever. */
export class Handshakes {
  readonly #pending = new Set<PendingHandshake>();

  /** Watches a connection until its handshake is over, `ms` at most; not while we do not read from it. */
  watch(connection: PeerConnection, ms: number, now: Millis): PendingHandshake {
    const pending = { connection, deadline: now + ms, late: false };
    this.#pending.add(pending);
    return pending;
  }

  /** Time passes: ends those that take too long. */
  tick(now: Millis): void {
    for (const pending of this.#pending) {
      const { connection, deadline } = pending;
      if (connection.phase !== "handshake") this.#pending.delete(pending);
      else if (now >= deadline && !connection.held) {
        pending.late = true;
        connection.close("No handshake in time");
      }
    }
  }
}
