import { assertEquals } from "@std/assert";
import { Feed } from "../../src/engine/mirror/feed.ts";
import type { Overview, TorrentRow } from "../../src/manager/mod.ts";
import { SESSION_SETTINGS, STATS, torrentView } from "../control/fake_manager.ts";

function overview(now: number, rows: readonly TorrentRow[]): Overview {
  const session = {
    settings: SESSION_SETTINGS,
    folder: "/",
    free: null,
    port: null,
    filterRules: 0,
    alternative: false,
    lacks: [],
  };
  return { now, rows, gone: [], session, stats: STATS };
}

function row(id: number, change: Partial<TorrentRow["view"]> = {}, at = 0): TorrentRow {
  return { view: torrentView(id, change), at, changedAt: 1, counts: "secondsSeeding" };
}

Deno.test("a thousand torrents are told in parts, and only once", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => row(i + 1));
  const feed = new Feed(() => overview(1, rows));
  const parts = feed.take();
  assertEquals(parts.map(({ rows }) => rows.length), [256, 256, 256, 232]);
  assertEquals(parts.map(({ last }) => last !== null), [false, false, false, true]);
  assertEquals(feed.take().map(({ rows }) => rows.length), [0]);
});

Deno.test("time that passes is not told, what it does not explain is", () => {
  let now = 0;
  let shown = row(1, { secondsSeeding: 10, etaIdle: 100, manualAnnounce: 60 });
  const feed = new Feed(() => overview(now, [shown]));
  const told = () => feed.take().flatMap(({ rows }) => rows).length;
  assertEquals(told(), 1);
  now = 30_000;
  shown = row(1, { secondsSeeding: 40, etaIdle: 70, manualAnnounce: 30 }, now);
  assertEquals(told(), 0);
  now = 100_000;
  shown = row(1, { secondsSeeding: 110, etaIdle: 0, manualAnnounce: 0 }, now);
  assertEquals(told(), 0);
  const changes = [{ etaIdle: 50 }, { manualAnnounce: 60 }, { secondsSeeding: 10 }, {
    etaIdle: null,
  }];
  for (const change of changes) {
    shown = row(1, { ...shown.view, ...change }, now);
    assertEquals([told(), told()], [1, 0], JSON.stringify(change));
  }
});

Deno.test("every other field is told when it changes, however deep", () => {
  let shown = row(1);
  const feed = new Feed(() => overview(1, [shown]));
  feed.take();
  const { view } = shown;
  const settings = { ...view.settings, labels: ["other"] };
  const origins = { ...view.origins, dht: 9 };
  const trouble = { kind: "tracker-error", fault: "silent", said: "", message: "gone" } as const;
  for (const change of [{ settings }, { origins }, { trouble }, { webseeds: [] }, { done: 1 }]) {
    shown = row(1, change);
    assertEquals(feed.take()[0]!.rows.length, 1, JSON.stringify(change));
    shown = row(1, structuredClone(change));
    assertEquals(feed.take()[0]!.rows.length, 0, "the same in another object");
  }
});

Deno.test("torrents that go are told with the time they went", () => {
  let rows = [row(1), row(2), row(3)];
  let gone: Overview["gone"] = [];
  const feed = new Feed(() => ({ ...overview(9, rows), gone }));
  feed.take();
  rows = [row(2)];
  gone = [{ id: 3, at: 7 }, { id: 77, at: 8 }];
  assertEquals(feed.take().map(({ gone }) => gone), [[{ id: 1, at: 9 }, { id: 3, at: 7 }]]);
  assertEquals(feed.take().map(({ gone }) => gone), [[]]);
});
