/** What the page knows of the manager, and who is told when that changes. */
import type { LiveEvent, Row, Totals } from "../row.ts";
import type { Connection } from "./connection.ts";
import { RateHistory } from "./rate_history.ts";

const NO_TOTALS: Totals = {
  down: 0,
  up: 0,
  peers: 0,
  dhtNodes: 0,
  free: null,
  port: null,
  slow: false,
};

/** Changes in place: thousands of rows are not copied for one that moved. */
export class Model {
  readonly rows = new Map<number, Row>();
  readonly history = new RateHistory();
  readonly #onChange: () => void;
  totals = NO_TOTALS;
  connection: Connection = "connecting";
  /** Everything was told once. */
  known = false;
  /** The manager is of another version than when the page came: its script and its words may be old. */
  outdated = false;
  #version: string | null = null;
  /** The password is needed. */
  locked = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Takes in an event; `now` in milliseconds. The torrents that became complete. */
  receive(event: LiveEvent, now: number): Row[] {
    if (event.all) this.rows.clear();
    if (event.version !== undefined) {
      this.#version ??= event.version;
      this.outdated = event.version !== this.#version;
    }
    const completed: Row[] = [];
    for (const change of event.rows) {
      const before = this.rows.get(change.id);
      // of one that is not known all is told
      const row = before === undefined ? change as Row : { ...before, ...change };
      this.rows.set(change.id, row);
      if (before !== undefined && isCompleted(before, row)) completed.push(row);
    }
    for (const id of event.removed) this.rows.delete(id);
    this.totals = event.totals;
    this.known = true;
    this.history.note(Math.floor(now / 1000), event.totals, this.rows.values());
    this.#onChange();
    return completed;
  }

  /** Nothing more can be known without the password; what was known is forgotten. */
  lock(): void {
    this.rows.clear();
    this.history.clear();
    this.totals = NO_TOTALS;
    this.known = false;
    this.locked = true;
    this.connection = "connecting";
    this.#onChange();
  }

  /** The password was right. */
  unlock(): void {
    this.locked = false;
    this.#onChange();
  }

  connect(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    this.#onChange();
  }
}

/** Everything wanted is here, which was not so before; what is hashed may have it all along. */
function isCompleted(before: Row, now: Row): boolean {
  // of a small one the metadata and the rest can come within a second
  const wasOpen = before.nameless || before.size === 0 || before.done < before.size;
  return wasOpen && !now.nameless && now.size > 0 && now.done === now.size;
}
