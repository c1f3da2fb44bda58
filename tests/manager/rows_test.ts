import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { aged, onlyAged } from "../../src/engine/mirror/aged.ts";
import { single, World } from "./world.ts";

Deno.test("a torrent at rest has the same row as before, until something of it changes", async () => {
  await using world = await World.start();
  const { manager } = world;
  const id = await world.add(await single("a"), { paused: true });
  const other = await world.add(await single("b"), { paused: true });
  const rowOf = (number: number) => manager.shown().rows.find(({ view }) => view.id === number)!;
  const views = async () => {
    assertEquals(manager.shown().rows.map(({ view }) => view), await manager.torrents(null, []));
  };
  const changes: (() => Promise<unknown>)[] = [
    () => manager.set([id], { labels: ["x"] }),
    () => manager.setSession({ ratio: 3, ratioEnabled: true }),
    () => manager.queue([id], "bottom"),
    () => manager.rename(id, "a", "c"),
    // it waits for its turn, and then not any more
    () => manager.setSession({ downloadQueueEnabled: true, downloadQueueSize: 0 }),
    () => manager.start([id], false),
    () => manager.stop([id]),
    // which came before it
    () => manager.remove([other], false),
  ];
  for (const [i, change] of changes.entries()) {
    const before = rowOf(id);
    await world.clock.advance(5000);
    assertStrictEquals(rowOf(id), before, `before change ${i}`);
    await change();
    assert(rowOf(id) !== before, `after change ${i}`);
    await views();
  }
  await manager.setSession({ downloadQueueSize: 5 });
  await manager.start([id], false);
  await world.clock.advance(1000);
  const running = rowOf(id);
  assertEquals(running.counts, "secondsDownloading");
  await world.clock.advance(5000);
  await manager.stop([id]);
  await world.clock.advance(1000);
  assert(rowOf(id).view.secondsDownloading >= 5, "what it ran is in what is kept");
  await views();
  assertStrictEquals(rowOf(id), rowOf(id));
});

Deno.test("of a torrent that runs and rests only time passes in its row, until something moves", async () => {
  await using world = await World.start();
  const { manager, clock } = world;
  const id = await world.add(await single("a"));
  await clock.advance(3000);
  const row = () => manager.shown().rows[0]!;
  const [running] = [...world.session.torrents.values()];
  assert(running !== undefined);
  const rested = row();
  assertEquals([rested.counts, rested.view.peers], ["secondsDownloading", 0]);
  await clock.advance(5000);
  assertStrictEquals(row(), rested);
  // what it ran is kept by now, and says the same
  await clock.advance(60_000);
  const kept = row();
  assert(onlyAged(rested, kept));
  const [view] = await manager.torrents([id], []);
  const seconds = aged(kept, clock.now()).secondsDownloading;
  assert(Math.abs(view!.secondsDownloading - seconds) <= 1, `${seconds}`);

  // the next beat sees that it moves, and from then on every look what it does
  running.show({ peers: 1, downRate: 10 });
  assertStrictEquals(row(), kept);
  await clock.advance(1000);
  assertEquals([row().view.peers, row().view.downRate], [1, 10]);
  running.show({ downRate: 20 });
  assertEquals(row().view.downRate, 20);
  // whom it knows is no news, but is shown
  running.show({ peers: 0, downRate: 0 });
  await clock.advance(2000);
  for (const change of [{ known: 7 }, { origins: { ...running.snapshot.origins, dht: 1 } }]) {
    const before = row();
    running.show(change);
    await clock.advance(1000);
    assert(row() !== before);
    assertEquals(row().changedAt, before.changedAt);
  }
});

Deno.test("trackers that were asked by hand show at once, and how long it takes until they may be again", async () => {
  await using world = await World.start();
  const { manager, clock } = world;
  const id = await world.add(await single("a"));
  await clock.advance(3000);
  const manual = () => manager.shown().rows[0]!.view.manualAnnounce;
  let left: number | null = 0;
  world.session.control.manualAnnounce = () => left;
  await manager.reannounce([id]);
  assertEquals(manual(), 0);
  left = 60;
  await manager.reannounce([id]);
  assertEquals(manual(), 60);
  left = 1;
  await clock.advance(500);
  assertEquals(manual(), 1, "looked at each time, as nothing tells that it goes down");
  left = 0;
  await clock.advance(500);
  assertEquals(manual(), 0);
  assertStrictEquals(manager.shown().rows[0], manager.shown().rows[0]);
});
