import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { single, World } from "./world.ts";

Deno.test("a torrent at rest has the same row as before, until something of it changes", async () => {
  await using world = await World.start();
  const { manager } = world;
  const id = await world.add(await single("a"), { paused: true });
  const other = await world.add(await single("b"), { paused: true });
  const rowOf = (number: number) => manager.overview().rows.find(({ view }) => view.id === number)!;
  const views = async () => {
    assertEquals(manager.overview().rows.map(({ view }) => view), await manager.torrents(null, []));
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
  assertEquals(rowOf(id).view.secondsDownloading, running.view.secondsDownloading + 5);
  await manager.stop([id]);
  await world.clock.advance(1000);
  assert(rowOf(id).view.secondsDownloading >= 5, "what it ran is in what is kept");
  await views();
  assertStrictEquals(rowOf(id), rowOf(id));
});
