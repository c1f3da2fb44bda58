import type { Endpoint, Millis } from "../base/mod.ts";
import { formatEndpoint } from "../base/mod.ts";
import { BUCKET_SIZE } from "./bucket.ts";
import type { NodeId } from "./node_id.ts";
import type { RoutingTable } from "./routing_table.ts";

/** Addresses that wait to be asked whether a node is there. */
const MOST_WAITING = 128;
/** Of them asked in one go, and how often. */
const GREET_AT_ONCE = 8;
const GREET_MS = 250;
/** Between two nodes that are asked whether they are still there. */
const CHECK_MS = 5_000;
/** Between two looks for a bucket that wants news. */
const REFRESH_MS = 30_000;
/** Looks for our own neighbours: soon again while there are few, then seldom. */
const FIRST_HOME_MS = 3_000;
const LAST_HOME_MS = 30 * 60_000;

/** What upkeep asks of its node. */
export interface UpkeepPort {
  /** Asks whether a node is there. */
  ping(endpoint: Endpoint, now: Millis): void;
  /** Looks up a node id, to learn of nodes on the way. */
  explore(target: NodeId | "home", now: Millis): void;
}

/** Keeps one table full and fresh at a cost that does not grow: newcomers are greeted, silent nodes asked, quiet buckets searched. */
export class Upkeep {
  readonly #port: UpkeepPort;
  readonly #waiting = new Map<string, Endpoint>();
  #greetAt = 0;
  #checkAt = 0;
  #refreshAt: number;
  /** Null: there was nobody to ask so far. */
  #homeAt: number | null = null;
  #homeWait = FIRST_HOME_MS;

  constructor(port: UpkeepPort, now: Millis) {
    this.#port = port;
    this.#refreshAt = now + REFRESH_MS;
  }

  /** Addresses not asked yet. */
  get waiting(): readonly Endpoint[] {
    return [...this.#waiting.values()];
  }

  /** True when there are any. */
  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** There may be a node; a long list keeps its beginning. */
  greet(endpoint: Endpoint): void {
    if (this.#waiting.size < MOST_WAITING) this.#waiting.set(formatEndpoint(endpoint), endpoint);
  }

  /** Our id is another one: its neighbours are to be found. */
  moved(now: Millis): void {
    this.#homeAt = now;
    this.#homeWait = FIRST_HOME_MS;
  }

  /** Does what is due for `table`. */
  tick(table: RoutingTable, now: Millis): void {
    if (now >= this.#greetAt && this.#waiting.size > 0) {
      this.#greetAt = now + GREET_MS;
      for (const [key, endpoint] of [...this.#waiting].slice(0, GREET_AT_ONCE)) {
        this.#waiting.delete(key);
        this.#port.ping(endpoint, now);
      }
    }
    if (table.size === 0) {
      this.#homeAt = null;
      return;
    }
    if (this.#homeAt === null || now >= this.#homeAt) {
      // a table that stays small is worth another try now and then, in a network that grows
      this.#homeWait = this.#homeAt === null
        ? FIRST_HOME_MS
        : Math.min(LAST_HOME_MS, this.#homeWait * (table.size < 2 * BUCKET_SIZE ? 2 : 4));
      this.#homeAt = now + this.#homeWait;
      this.#port.explore("home", now);
    }
    if (now >= this.#checkAt) {
      this.#checkAt = now + CHECK_MS;
      const node = table.questionable(now);
      if (node !== null) this.#port.ping(node.endpoint, now);
    }
    if (now >= this.#refreshAt) {
      this.#refreshAt = now + REFRESH_MS;
      const target = table.refresh(now);
      if (target !== null) this.#port.explore(target, now);
    }
  }

  /** When {@linkcode tick} has something to do. */
  nextDeadline(table: RoutingTable): number {
    const greet = this.#waiting.size > 0 ? this.#greetAt : Infinity;
    if (table.size === 0) return greet;
    return Math.min(greet, this.#homeAt ?? 0, this.#checkAt, this.#refreshAt);
  }
}
