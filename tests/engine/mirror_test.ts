import { assert, assertEquals, assertRejects } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import type { TorrentRow } from "../../src/manager/mod.ts";
import { ManagerMirror } from "../../src/engine/mirror/manager_mirror.ts";
import { torrentView } from "../control/fake_manager.ts";
import { hashOf, type LabTorrent, settle, single, VirtualClock, World } from "../manager/world.ts";
import { Mirrored, shown } from "./mirrored.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SEQUENCES = 40;
const STEPS = 30;

/** The mirror shows what the manager does. */
async function same(world: World, { mirror }: Mirrored, what: string): Promise<void> {
  const [here, there] = [await shown(mirror), await shown(world.manager)];
  assertEquals(here.steady, there.steady, what);
  here.passing.forEach((value, i) => {
    const other = there.passing[i]!;
    const near = value === other ||
      (value !== null && other !== null && Math.abs(value - other) <= 2);
    assert(near, `${what}: expected about ${other}, got ${value}`);
  });
}

/** One random command: what it is, and the effect that shows at once. */
async function command(
  { mirror }: Mirrored,
  torrents: readonly LabTorrent[],
  random: SeededRandom,
): Promise<readonly [name: string, shows: () => Promise<boolean>]> {
  const below = (count: number) => random.below(count);
  const view = async (id: number) => (await mirror.torrents([id], []))[0];
  const ids = (await mirror.torrents(null, [])).map(({ id }) => id);
  const id = ids[below(Math.max(1, ids.length))];
  if (id === undefined || below(4) === 0) {
    const { bytes, name } = torrents[below(torrents.length)]!;
    const { id: added } = await mirror.add({ torrent: bytes, paused: below(2) === 0 });
    return [`add ${name}`, async () => await view(added) !== undefined];
  }
  switch (below(9)) {
    case 0:
      await mirror.remove([id], below(2) === 0);
      return ["remove", async () => await view(id) === undefined];
    case 1:
      await mirror.stop(null);
      return ["stop", async () => (await view(id))?.eta === null];
    case 2: {
      const labels = [`l${below(1e6)}`];
      await mirror.set([id], { labels, idleMode: "own", idleMinutes: 1 });
      return ["set", async () => (await view(id))?.settings.labels[0] === labels[0]];
    }
    case 3: {
      const name = `n${below(1e6)}`;
      const { name: before } = (await view(id))!;
      const done = await mirror.rename(id, before, name).then(() => true, () => false);
      return ["rename", async () => (await view(id))?.name === (done ? name : before)];
    }
    case 4:
      await mirror.queue([id], "top");
      return ["queue", async () => (await view(id))?.position === 0];
    case 5: {
      const idleMinutes = 1 + below(9);
      await mirror.setSession({ idleEnabled: below(2) === 0, idleMinutes });
      return ["session", async () => (await mirror.session()).settings.idleMinutes === idleMinutes];
    }
    case 6:
      await mirror.verify([id]);
      return ["verify", async () => await view(id) !== undefined];
    case 7:
      await assertRejects(() => mirror.set(null, { labels: ["bad"], removeTrackers: [99] }));
      return ["bad set", async () => (await view(id))?.settings.labels[0] !== "bad"];
    default:
      await mirror.start([id], below(2) === 0);
      return ["start", async () => (await view(id))?.activity !== "stopped"];
  }
}

/** Bytes come and go, a torrent is complete, time passes. */
async function happen(world: World, random: SeededRandom, data: LabTorrent[]): Promise<void> {
  for (const running of world.session.torrents.values()) {
    if (running.snapshot.phase !== "running" || random.below(2) === 0) continue;
    const { uploaded } = running.snapshot;
    running.show({ uploaded: uploaded + random.below(100), peers: random.below(3), upRate: 7 });
    if (!running.snapshot.complete && random.below(2) === 0) {
      running.finish(data.find(({ name }) => name === running.metainfo!.name)!.data);
    }
  }
  // a second at least: what rested is seen again when the manager's heart beats
  await world.clock.advance([1000, 1900, 5000, 45_000, 70_000][random.below(5)]!);
}

Deno.test("a mirror shows what its manager does: at once what it changed, and the rest at the next look", async () => {
  const torrents = await Promise.all(["a", "b", "c", "d"].map((name) => single(name)));
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    await using world = await World.start();
    const mirrored = new Mirrored(world);
    await mirrored.look();
    const random = new SeededRandom(seed);
    for (let step = 0; step < STEPS; step++) {
      let what = `seed ${seed}, step ${step}`;
      if (random.below(3) === 0) await happen(world, random, torrents);
      else {
        const [name, shows] = await command(mirrored, torrents, random);
        what += `, ${name}`;
        const { looks } = mirrored;
        assert(await shows(), `${what}: expected it to show at once`);
        assertEquals(mirrored.looks, looks, "nothing is asked to show what was changed");
        await settle();
      }
      await mirrored.look();
      await same(world, mirrored, what);
    }
  }
});

Deno.test("while somebody asks it looks twice a second, and nobody waits for it", async () => {
  await using world = await World.start();
  const mirrored = new Mirrored(world);
  const id = await world.add(await single("a"));
  await mirrored.mirror.torrents(null, []);
  const { looks } = mirrored;
  for (let i = 0; i < 100; i++) {
    await world.clock.advance(100);
    assertEquals((await mirrored.mirror.torrents([id], [])).length, 1);
    await mirrored.mirror.session();
    await mirrored.mirror.stats();
  }
  assertEquals([mirrored.looks - looks, mirrored.asked], [20, []]);
});

Deno.test("nobody asks: nothing is looked at, and what only grows older is not told again", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await world.add(torrent);
  world.session.torrents.values().next().value!.finish(torrent.data);
  await world.clock.advance(MINUTE);
  const mirrored = new Mirrored(world);
  await mirrored.mirror.torrents(null, []);
  const { rows } = mirrored;
  await world.clock.advance(2 * MINUTE);
  const { looks } = mirrored;
  assert(looks < 30, `Expected few looks at what nobody asks for, got ${looks}`);
  await world.clock.advance(60 * MINUTE);
  assertEquals([mirrored.looks, mirrored.rows - rows], [looks, 0]);
  const [view] = await mirrored.mirror.torrents(null, []);
  assertEquals(mirrored.looks, looks + 1, "what is old is looked at first");
  const [there] = await world.manager.torrents(null, []);
  assert(Math.abs(view!.secondsSeeding - there!.secondsSeeding) <= 2);
});

Deno.test("a busy engine is waited for a little where there is something to show, and for long where there is not", async () => {
  await using world = await World.start();
  const mirrored = new Mirrored(world);
  const { mirror } = mirrored;
  const id = await world.add(await single("a"));
  await mirror.torrents(null, []);
  const free = Promise.withResolvers<void>();
  mirrored.busy = free.promise;
  await world.clock.advance(3 * SECOND);
  let answered = 0;
  const ask = () => mirror.torrents([id], []).then(({ length }) => answered += length);
  const soon = ask();
  await settle();
  assertEquals(answered, 0);
  await world.clock.advance(8);
  await soon;
  assertEquals(answered, 1);
  await world.clock.advance(10 * SECOND);
  const late = ask();
  await world.clock.advance(SECOND);
  assertEquals(answered, 1, "what is that old is shown to nobody");
  free.resolve();
  await late;
  assertEquals(answered, 2);
});

Deno.test("what an event changed follows it, and after many at once it is looked at", async () => {
  await using world = await World.start();
  const mirrored = new Mirrored(world);
  const { mirror, told } = mirrored;
  const done = { type: "finished", torrent: "", uploaded: 0 } as const;
  told.follow(done);
  await mirror.stats();
  const { looks } = mirrored;
  const shows = async () => (await mirror.torrents(null, [])).length;
  await world.add(await single("a"));
  assertEquals(await shows(), 0, "nothing was told of it");
  told.follow(done);
  await settle();
  assertEquals([await shows(), mirrored.looks - looks], [1, 0]);
  await world.add(await single("b"));
  told.follow({ type: "tracker" } as never);
  assertEquals(await shows(), 1, "some are nothing to ask about");
  told.follow(done);
  assertEquals([await shows(), mirrored.looks - looks], [2, 1]);
});

Deno.test("an engine that is gone is told of as soon as it is known, also where there is something to show", async () => {
  await using world = await World.start();
  const mirrored = new Mirrored(world);
  const { mirror } = mirrored;
  await mirror.torrents(null, ["files"]);
  mirrored.busy = Promise.reject(new Error("The engine failed"));
  mirrored.busy.catch(() => {});
  await world.clock.advance(SECOND);
  for (const read of [() => mirror.stats(), () => mirror.session(), () => mirror.recent(1, [])]) {
    await assertRejects(read, Error, "The engine failed");
  }
  await assertRejects(() => mirror.torrents(null, ["files"]), Error, "The engine failed");
  await assertRejects(() => mirror.stop(null), Error, "The engine failed");
});

Deno.test("one that is closed has no timer, and shows nothing more", async () => {
  await using world = await World.start();
  const mirrored = new Mirrored(world);
  await mirrored.mirror.stats();
  mirrored.mirror.close();
  await world.clock.advance(MINUTE);
  assertEquals(mirrored.looks, 1);
  mirrored.busy = Promise.reject(new Error("The engine stopped"));
  mirrored.busy.catch(() => {});
  await assertRejects(() => mirrored.mirror.stats(), Error, "The engine stopped");
});

Deno.test("all at once are the same rows as before, but for those of which something changed", async () => {
  await using world = await World.start();
  const { mirror } = new Mirrored(world);
  const [one, other] = [await world.add(await single("a")), await world.add(await single("b"))];
  const rows = async () => (await mirror.overview()).rows;
  await rows();
  await world.clock.advance(3 * SECOND);
  const before = await rows();
  const running = before[0]!.view.secondsDownloading;
  await world.clock.advance(20 * SECOND);
  const then = await rows();
  assertEquals(then.map((row, i) => row === before[i]), [true, true]);
  const [view] = await mirror.torrents([one], []);
  assert(view!.secondsDownloading >= running + 20, "of which time passes nevertheless");
  await mirror.set([other], { labels: ["x"] });
  await mirror.remove([one], false);
  const { rows: last, gone, session, stats } = await mirror.overview();
  assertEquals(last.map(({ view }) => [view.id, view.settings.labels]), [[other, ["x"]]]);
  assertEquals(gone.map(({ id }) => id), [one]);
  assertEquals([session, stats], [await mirror.session(), await mirror.stats()]);
});

Deno.test("what comes in parts is shown when it is whole", async () => {
  const clock = new VirtualClock();
  const { promise: looked, resolve } = Promise.withResolvers<void>();
  const mirror = new ManagerMirror({ manager: {} as never, look: () => looked }, clock);
  const row = (id: number): TorrentRow => ({
    view: torrentView(id),
    at: 1,
    changedAt: 1,
    counts: null,
  });
  mirror.hear({ now: 1, rows: [row(1)], gone: [], last: null });
  const asking = mirror.torrents(null, []);
  await settle();
  const last = { session: {} as never, stats: {} as never };
  mirror.hear({ now: 1, rows: [row(2)], gone: [], last });
  resolve();
  assertEquals((await asking).map(({ id }) => id), [1, 2]);
  mirror.hear({ now: 2, rows: [row(3)], gone: [], last: null });
  assertEquals((await mirror.torrents(null, [])).map(({ id }) => id), [1, 2]);
  mirror.hear({ now: 2, rows: [], gone: [{ id: 1, at: 2 }], last });
  assertEquals((await mirror.torrents(null, [])).map(({ id }) => id), [2, 3]);
  assertEquals((await mirror.recent(0, [])).removed, [1]);
});

Deno.test("a torrent that went and came back between two looks is found by its hash, once", async () => {
  await using world = await World.start();
  const mirrored = new Mirrored(world);
  const torrent = await single("a");
  const first = await world.add(torrent);
  await mirrored.look();
  await world.manager.remove([first], false);
  const second = await world.add(torrent);
  await mirrored.look();
  const views = await mirrored.mirror.torrents([hashOf(torrent).toUpperCase(), second, first], []);
  assertEquals(views.map(({ id }) => id), [second]);
});
