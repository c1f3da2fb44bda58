/** Rows of the list for tests. */
import type { Row } from "../../../src/control/web/row.ts";

export function row(id: number, change: Partial<Row> = {}): Row {
  return {
    id,
    name: `torrent ${id}`,
    state: "downloading",
    trouble: null,
    broken: false,
    progress: 0.5,
    nameless: false,
    unchosen: false,
    finished: false,
    stalled: false,
    size: 1_000,
    done: 500,
    down: 0,
    up: 0,
    eta: null,
    peers: 0,
    seeds: 0,
    ratio: null,
    labels: [],
    added: id,
    place: id - 1,
    ...change,
  };
}
