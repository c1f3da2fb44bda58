import { assertEquals } from "@std/assert";
import { Model } from "../../../src/control/web/page/model.ts";
import type { RowChange } from "../../../src/control/web/row.ts";
import { row } from "./rows.ts";

const TOTALS = { down: 0, up: 0, peers: 0, dhtNodes: 0, free: null, port: null, slow: false };

function told(rows: readonly RowChange[], all = false) {
  return { all, rows, removed: [], totals: TOTALS };
}

Deno.test("page: of a torrent that is known only what changed is told", () => {
  const model = new Model(() => {});
  model.receive(told([row(1), row(2)], true), 0);
  model.receive(told([{ id: 2, down: 7, labels: ["x"] }, row(3)]), 0);
  assertEquals(model.rows.get(2), row(2, { down: 7, labels: ["x"] }));
  model.receive({ ...told([]), removed: [1] }, 0);
  assertEquals([...model.rows.keys()], [2, 3]);
  model.receive(told([row(3)], true), 0);
  assertEquals([...model.rows.keys()], [3]);
});

Deno.test("page: a torrent that becomes complete is news, one that is heard of the first time is none", () => {
  const model = new Model(() => {});
  const heard = (rows: readonly RowChange[], all = false) =>
    model.receive(told(rows, all), 0).map(({ id }) => id);
  const done = { done: 1_000, progress: 1, state: "seeding" } as const;
  assertEquals(heard([row(1, done), row(2), row(4)], true), []);
  assertEquals(heard([{ id: 2, done: 900 }]), []);
  assertEquals(heard([{ id: 2, ...done }]), [2]);
  assertEquals(heard([{ id: 2, down: 1 }]), [], "told once");
  assertEquals(heard([{ id: 4, size: 500 }]), [4], "less is wanted");
  assertEquals(heard([row(5, { nameless: true, size: 0, done: 0 })]), []);
  assertEquals(heard([{ id: 5, nameless: false, size: 1_000, ...done }]), [5]);
  assertEquals(heard([row(2, done), row(6, done)], true), [], "all is told anew");
});

Deno.test("page: another version of the manager is noticed when the stream begins anew", () => {
  const model = new Model(() => {});
  const versions = ["1.0.0", undefined, "1.0.0", "1.1.0", undefined, "1.0.0"];
  const outdated = versions.map((version) => {
    const event = told([], version !== undefined);
    model.receive(version === undefined ? event : { version, ...event }, 0);
    return model.outdated;
  });
  assertEquals(outdated, [false, false, false, true, true, false]);
});
