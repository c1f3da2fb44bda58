/** The manager in its own thread, and what another thread shows of it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { startManagerWorker } from "../../src/engine/mod.ts";
import type { EngineEvent } from "../../src/session/mod.ts";
import { Folder, labTorrent, QUIET } from "./lab.ts";

Deno.test("what was changed shows in the next answer, and an ended engine answers nothing", async () => {
  using folder = new Folder();
  const { path } = folder;
  const events: EngineEvent[] = [];
  const running = await startManagerWorker(
    {
      engine: {
        folder: path,
        ...QUIET,
      },
      settings: {},
      watch: [],
    },
    { read: [path], write: [path], net: true, sys: ["statfs"] },
    (event) => events.push(event),
  );
  const { manager } = running;
  try {
    assertEquals(await manager.torrents(null, []), []);
    const { folder, lacks } = await manager.session();
    assertEquals([folder, lacks], [path, ["dht", "lsd"]]);
    const torrents = await Promise.all(
      ["a", "b", "c"].map((name) => labTorrent(name, [["one", 1000], ["two", 500]], 256)),
    );
    for (const [i, { bytes }] of torrents.entries()) {
      const { id, name } = await manager.add({ torrent: bytes, paused: i > 0 });
      const all = await manager.torrents(null, ["files"]);
      assertEquals(all.map((view) => view.name), ["a", "b", "c"].slice(0, i + 1));
      assertEquals(all.at(-1)!.files!.length, 2);
      await manager.set([id], {
        labels: [name],
        filePriorities: [{ files: [1], priority: "off" }],
      });
      const [view] = await manager.torrents([id], ["files"]);
      assertEquals(view!.settings.labels, [name]);
      assertEquals(view!.files!.map(({ priority }) => priority), ["normal", "off"]);
    }
    const [first, second, third] = await manager.torrents(null, []);
    await manager.rename(second!.id, "b", "other");
    await manager.queue([third!.id], "top");
    await manager.remove([first!.id], true);
    const left = await manager.torrents(null, []);
    assertEquals(left.map(({ name, position }) => [name, position]), [["other", 1], ["c", 0]]);
    assertEquals((await manager.recent(60_000, [])).removed, [first!.id]);
    await manager.setSession({ ratio: 7 });
    assertEquals((await manager.session()).settings.ratio, 7);
    assertEquals((await manager.stats()).torrents, 2);
    await assertRejects(() => manager.rename(99, "a", "b"), Error, "There is no torrent 99");
    assert(events.every(({ type }) => type !== "error"));
  } finally {
    await running.stop(2000);
  }
  await assertRejects(() => manager.stats());
  await assertRejects(() => manager.stop(null));
});
