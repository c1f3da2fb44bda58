import { assertEquals } from "@std/assert";
import { Bitfield } from "../../src/base/mod.ts";
import { fileViews, trackerViews } from "../../src/manager/details.ts";
import { newRecord } from "../../src/manager/record.ts";
import { parseMetainfo } from "../../src/metainfo/mod.ts";
import type { TorrentSnapshot } from "../../src/session/mod.ts";
import { hashOf, labTorrent, plant, single, World } from "./world.ts";

const SECOND = 1000;

Deno.test("what a torrent does, for people, through its life", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const id = await world.add(torrent, { paused: true });
  const activity = async () => (await world.view(id)).activity;
  assertEquals(await activity(), "stopped");
  await world.manager.setSession({ downloadQueueSize: 0 });
  await world.manager.start([id], false);
  assertEquals(await activity(), "download-wait");
  await world.manager.setSession({ downloadQueueSize: 1 });
  await world.clock.advance(SECOND);
  assertEquals(await activity(), "downloading");
  const running = world.session.get(hashOf(torrent));
  running.show({ phase: "checking", checked: 0 });
  assertEquals(await activity(), "check-wait");
  running.show({ checked: 0.25 });
  const view = await world.view(id);
  assertEquals([view.activity, view.checked], ["checking", 0.25]);
  running.show({ phase: "running" });
  running.finish(torrent.data);
  await world.clock.advance(SECOND);
  assertEquals(await activity(), "seeding");
  await world.manager.setSession({ seedQueueEnabled: true, seedQueueSize: 0 });
  await world.clock.advance(SECOND);
  assertEquals(await activity(), "seed-wait");
  await world.manager.stop([id]);
  assertEquals(await activity(), "stopped");
});

Deno.test("time left: to the end of a download, to the ratio wanted, to the idle goal", async () => {
  await using world = await World.start();
  const torrent = await single("a", 1000);
  const id = await world.add(torrent);
  await world.clock.advance(SECOND);
  const running = world.session.get(hashOf(torrent));
  const left = async () => {
    const { eta, etaIdle } = await world.view(id);
    return [eta, etaIdle];
  };
  assertEquals(await left(), [null, null]);
  running.show({ downRate: 300 });
  assertEquals(await left(), [4, null]);
  running.finish(torrent.data);
  running.show({ upRate: 100 });
  await world.clock.advance(SECOND);
  assertEquals(await left(), [null, null]);
  await world.manager.set([id], { ratioMode: "own", ratio: 2, idleMode: "own", idleMinutes: 1 });
  assertEquals((await left())[0], 20);
  await world.clock.advance(20 * SECOND);
  assertEquals((await left())[1], 40);
});

Deno.test("what changed of late: what moved, what was changed, what went", async () => {
  await using world = await World.start();
  const [a, b, c] = [await single("a"), await single("b"), await single("c")];
  for (const torrent of [a, b, c]) await plant(world, torrent);
  await world.add(a);
  const second = await world.add(b);
  const third = await world.add(c);
  await world.clock.advance(100 * SECOND);
  const names = async () => {
    const { torrents, removed } = await world.manager.recent(5 * SECOND, []);
    return { changed: torrents.map(({ name }) => name), removed };
  };
  assertEquals(await names(), { changed: [], removed: [] });
  world.session.get(hashOf(a)).show({ uploaded: 5 });
  await world.manager.set([second], { labels: ["x"] });
  await world.clock.advance(SECOND);
  assertEquals(await names(), { changed: ["a", "b"], removed: [] });
  await world.clock.advance(10 * SECOND);
  await world.manager.queue([second], "top");
  // one made way
  assertEquals((await names()).changed.toSorted(), ["a", "b"]);
  await world.clock.advance(10 * SECOND);
  await world.manager.set([third], { position: 0 });
  assertEquals((await names()).changed.toSorted(), ["a", "b", "c"]);
  await world.clock.advance(10 * SECOND);
  await world.manager.remove([third], false);
  // those behind it move up
  const after = await names();
  assertEquals([after.removed, after.changed.toSorted()], [[third], ["a", "b"]]);
});

Deno.test("what changed of late: every figure that moves by itself counts", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await world.add(torrent);
  const running = world.session.get(hashOf(torrent));
  const recent = async () => (await world.manager.recent(5 * SECOND, [])).torrents.length;
  const changes: Partial<TorrentSnapshot>[] = [
    { phase: "metadata", metadata: 0.25 },
    { metadata: 0.5 },
    { phase: "checking", metadata: 1 },
    { checked: 0.5 },
    { phase: "running", size: 100, done: 10 },
    { done: 20 },
    { size: 90 },
    { peers: 3 },
    { seeds: 2 },
    { sending: 1 },
    { getting: 1 },
    { webseedsSending: 1 },
    { downRate: 9 },
    { downRate: 0 },
    { upRate: 7 },
    { unchecked: 5 },
  ];
  for (const change of changes) {
    await world.clock.advance(20 * SECOND);
    assertEquals(await recent(), 0, JSON.stringify(change));
    running.show(change);
    await world.clock.advance(SECOND);
    assertEquals(await recent(), 1, JSON.stringify(change));
  }
});

Deno.test("files: where they are now, what is there of each, without padding", async () => {
  const torrent = await labTorrent("t", [["a", 300], ["pad", 212, "pad"], ["b", 400]], 256);
  const metainfo = await parseMetainfo(torrent.bytes);
  const have = new Bitfield(4);
  have.add(0);
  have.add(3);
  const record = { ...newRecord("t", 0), renames: [{ path: "t/b", name: "c" }] };
  const views = fileViews(metainfo, record, have, ["low", "off", "high"]);
  assertEquals(views.map(({ path, length, done, priority }) => [path, length, done, priority]), [
    ["t/a", 300, 256, "low"],
    ["t/c", 400, 144, "high"],
  ]);
});

Deno.test("trackers are listed and numbered whether the torrent runs or not", () => {
  const tiers = [["http://a.example/announce", " udp://b.example:1 "], ["http://c.example/x"]];
  const views = trackerViews(tiers, [], null, 1000);
  assertEquals(views.map(({ id, tier, url, state, scrape }) => [id, tier, url, state, scrape]), [
    [0, 0, "http://a.example/announce", "idle", "http://a.example/scrape"],
    [1, 0, "udp://b.example:1", "idle", "udp://b.example:1"],
    [2, 1, "http://c.example/x", "idle", ""],
  ]);
  assertEquals(views.map(({ lastAt, nextAt, seeders }) => [lastAt, nextAt, seeders]), [
    [null, null, -1],
    [null, null, -1],
    [null, null, -1],
  ]);
});
