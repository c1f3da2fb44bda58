/** A manager over time: goals, queue, budgets, what fails and what is kept. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { failure, hashOf, labTorrent, plant, settle, single, until, World } from "./world.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

Deno.test("a day's budget that is used up is there again the next day", async () => {
  await using world = await World.start();
  await world.manager.setSession({ maxDay: 5000 });
  const torrent = await single("a", 10_000);
  await world.add(torrent);
  const hash = hashOf(torrent);
  world.session.get(hash).show({ downloaded: 5000, done: 5000 });
  await world.clock.advance(2 * SECOND);
  assertEquals(world.session.torrents.size, 0);
  assertEquals((await world.view(hash)).activity, "download-wait");
  await world.clock.advance(5 * MINUTE);
  assertEquals(world.session.torrents.size, 0);
  world.clock.setDate(new Date(2026, 10, 29, 0, 0, 1));
  await world.clock.advance(2 * SECOND);
  assertEquals(world.session.torrents.size, 1);
  // and the clock that is set back gives no second one
  world.session.get(hash).show({ downloaded: 5000 });
  await world.clock.advance(2 * SECOND);
  world.clock.setDate(new Date(2026, 10, 28, 1));
  await world.clock.advance(2 * SECOND);
  assertEquals(world.session.torrents.size, 0);
});

Deno.test("a check that fails is not begun again every second", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const id = await world.add(torrent, { paused: true });
  world.session.beforeAdd = () => {
    throw new Error("the disk has gone");
  };
  await world.manager.verify([id]);
  const tries = world.session.added.length;
  await world.clock.advance(MINUTE);
  assertEquals(world.session.added.length, tries);
  const view = await world.view(id);
  assertEquals(view.trouble, {
    kind: "local",
    reason: "bad-torrent",
    message: "the disk has gone",
    path: null,
    missing: null,
  });
  world.session.beforeAdd = () => {};
  await world.manager.verify([id]);
  await world.clock.advance(2 * SECOND);
  assertEquals([(await world.view(id)).activity, world.session.torrents.size], ["stopped", 0]);
  assertEquals(world.events.filter(({ type }) => type === "checked").length, 1);
});

Deno.test("verify hashes a stopped torrent and leaves it stopped, a running one runs on", async () => {
  await using world = await World.start();
  const [a, b] = [await single("a"), await single("b")];
  await plant(world, a);
  await plant(world, b);
  Deno.removeSync(`${world.folder}/b`);
  const ids = [await world.add(a), await world.add(b, { paused: true })];
  await world.manager.verify(ids);
  await world.clock.advance(3 * SECOND);
  const views = await world.manager.torrents(ids, []);
  assertEquals(views.map(({ activity, done }) => [activity, done]), [
    ["seeding", 1000],
    ["stopped", 0],
  ]);
  assertEquals(world.session.get(hashOf(a)).options.check, true);
});

Deno.test("bytes of the last second before a stop, and before the end, are counted", async () => {
  await using world = await World.start();
  const torrent = await single("a", 10_000);
  const id = await world.add(torrent);
  world.session.get(hashOf(torrent)).show({ downloaded: 700, uploaded: 70 });
  await world.manager.stop([id]);
  await settle();
  assertEquals((await world.view(id)).downloaded, 700);
  await world.manager.start([id], false);
  await world.clock.advance(2 * SECOND);
  world.session.get(hashOf(torrent)).show({ downloaded: 300, uploaded: 30 });
  await world.stop();
  await world.restart();
  const view = await world.view(id);
  assertEquals([view.downloaded, view.uploaded], [1000, 100]);
  const { total, current } = await world.manager.stats();
  assertEquals([total.downloaded, total.uploaded, total.sessions], [1000, 100, 2]);
  assertEquals([current.downloaded, current.filesAdded], [0, 0]);
});

Deno.test("a torrent that has reached its goal stops, and goes on when it is started by hand", async () => {
  await using world = await World.start();
  await world.manager.setSession({ ratioEnabled: true, ratio: 1.5 });
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  await world.clock.advance(2 * SECOND);
  world.session.get(hashOf(torrent)).show({ uploaded: 1500 });
  await world.clock.advance(2 * SECOND);
  const view = await world.view(id);
  assertEquals([view.activity, view.finished], ["stopped", true]);
  assertEquals(world.events.filter(({ type }) => type === "finished").length, 1);
  await world.manager.start([id], false);
  await world.clock.advance(10 * SECOND);
  const after = await world.view(id);
  assertEquals([after.activity, after.finished], ["seeding", false]);
  assertEquals([after.settings.ratioMode, after.settings.idleMode], ["none", "session"]);
});

Deno.test("a magnet link whose metadata nobody has does not hold a place for ever", async () => {
  await using world = await World.start();
  await world.manager.setSession({ downloadQueueSize: 1, stalledMinutes: 5 });
  const [a, b] = [await single("a"), await single("b")];
  const magnet = {
    infoHash: a.hash,
    name: "a",
    trackers: [],
    webseeds: [],
    peers: [],
    select: null,
  } as never;
  await world.manager.add({ torrent: magnet });
  await world.add(b);
  await world.clock.advance(4 * MINUTE);
  assertEquals([...world.session.torrents.keys()], [hashOf(a)]);
  await world.clock.advance(2 * MINUTE);
  assertEquals([...world.session.torrents.keys()], [hashOf(a), hashOf(b)]);
});

Deno.test("places of the queue: in order, by kind, past it with start-now, and free again at once", async () => {
  await using world = await World.start();
  await world.manager.setSession({
    downloadQueueSize: 1,
    seedQueueEnabled: true,
    seedQueueSize: 1,
  });
  const torrents = [];
  for (const name of ["a", "b", "c", "d"]) torrents.push(await single(name));
  const [a, b, c, d] = torrents.map(hashOf);
  for (const torrent of torrents) await world.add(torrent);
  const running = () => [...world.session.torrents.keys()];
  assertEquals(running(), [a]);
  await world.manager.start([d!], true);
  await settle();
  assertEquals(running(), [a, d]);
  await world.manager.queue([c!], "top");
  await world.clock.advance(2 * SECOND);
  assertEquals(running().sort(), [c, d].sort());
  world.session.get(c!).finish(torrents[2]!.data);
  await world.clock.advance(2 * SECOND);
  assertEquals(running().sort(), [a, c, d].sort());
  world.session.get(a!).finish(torrents[0]!.data);
  await world.clock.advance(2 * SECOND);
  const activities = (await world.manager.torrents(null, [])).map(({ activity }) => activity);
  assertEquals(activities, ["seed-wait", "downloading", "seeding", "downloading"]);
  assertEquals(running().includes(b!), true);
});

Deno.test("a full disk pauses the torrents on it; as many as fit go on by themselves when there is room", async () => {
  await using world = await World.start();
  await world.manager.setSession({ reserve: 0 });
  const [a, b, c] = [await single("a", 1000), await single("b", 1000), await single("c", 1000)];
  for (const torrent of [a, b, c]) await world.add(torrent);
  world.free = 0;
  const full = (torrent: typeof a) =>
    world.session.emit(failure(torrent, "disk-full", "Disk full", 1000));
  full(a);
  full(b);
  await world.clock.advance(MINUTE);
  assertEquals([...world.session.torrents.keys()], [hashOf(c)]);
  assertEquals((await world.view(hashOf(a))).trouble, {
    kind: "local",
    reason: "disk-full",
    message: "Disk full",
    path: null,
    missing: 1000,
  });
  // the one that runs is promised what it lacks
  world.free = 1500;
  await world.clock.advance(20 * SECOND);
  assertEquals([...world.session.torrents.keys()], [hashOf(c)]);
  world.free = 2500;
  await world.clock.advance(20 * SECOND);
  assertEquals([...world.session.torrents.keys()], [hashOf(c), hashOf(a)]);
  world.free = 5000;
  await world.clock.advance(20 * SECOND);
  assertEquals(world.session.torrents.size, 3);
});

Deno.test("a torrent that another program holds is tried again, and that is said once", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await world.add(torrent);
  world.session.fails = () => failure(torrent, "locked", "Another tm works on it");
  await world.manager.stop(null);
  await world.clock.advance(2 * SECOND);
  await world.manager.start(null, false);
  await world.clock.advance(2 * MINUTE);
  const told = () => world.events.filter(({ type }) => type === "error").length;
  assert(world.session.added.length >= 7, `Expected tries, got ${world.session.added.length}`);
  assertEquals(told(), 1);
  world.session.fails = () => null;
  await world.clock.advance(MINUTE);
  assertEquals((await world.view(hashOf(torrent))).activity, "downloading");
  // after it ran it is news again
  world.session.emit(failure(torrent, "locked", "Another tm works on it"));
  assertEquals(told(), 2);
});

Deno.test("removing with data leaves a stranger's file that stood in the way", async () => {
  await using world = await World.start();
  const torrent = await labTorrent("t", [["mine", 600], ["theirs", 600]], 256);
  const id = await world.add(torrent, { paused: true });
  Deno.mkdirSync(`${world.folder}/t`);
  Deno.writeTextFileSync(`${world.folder}/t/theirs`, "a stranger's");
  await world.manager.remove([id], true);
  assertEquals(world.tree(), ["t/theirs"]);
  assertEquals(await world.manager.torrents(null, []), []);
});

Deno.test("files that two torrents have stay as long as one of them is there", async () => {
  await using world = await World.start();
  const a = await labTorrent("t", [["x", 600], ["y", 300]], 256);
  const b = await labTorrent("t", [["x", 600], ["z", 300]], 512);
  for (const torrent of [a, b]) await plant(world, torrent);
  const ids = [await world.add(a), await world.add(b)];
  const moving = world.manager.relocate([ids[0]!], "new", true);
  await moving.then(() => assert(false, "Expected a refusal"), (error) => {
    assertStringIncludes(String(error), "is a file of t too");
  });
  assertEquals(world.tree(), ["t/x", "t/y", "t/z"]);
  await world.manager.remove([ids[0]!], true);
  assertEquals(world.tree(), ["t/x", "t/z"]);
  await world.manager.remove([ids[1]!], true);
  assertEquals(world.tree(), []);
  // both at once
  for (const torrent of [a, b]) await plant(world, torrent);
  const more = [await world.add(a), await world.add(b)];
  await world.manager.remove(more, true);
  assertEquals(world.tree(), []);
});

Deno.test("a place is taken without moving: a crash in between moves nothing", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  const gate = Promise.withResolvers<void>();
  world.session.beforeRemove = () => gate.promise;
  void world.manager.relocate([id], "there", false);
  await settle();
  world.kill();
  await world.restart();
  await world.clock.advance(3 * SECOND);
  assertEquals(world.tree(), ["a"]);
  assertEquals((await world.view(id)).location, "");
  await world.manager.relocate([id], "there", false);
  await world.clock.advance(3 * SECOND);
  const view = await world.view(id);
  assertEquals([view.location, view.done, world.tree()], ["there", 0, ["a"]]);
});

Deno.test("a move that cannot be finished after a crash is told, waits, and is finished when started", async () => {
  await using world = await World.start();
  const torrent = await labTorrent("t", [["a", 300], ["b", 300]], 256);
  await plant(world, torrent);
  const id = await world.add(torrent);
  world.beforeDisk = () => {
    // one file had moved when the end came, and a stranger took the place of the other
    Deno.mkdirSync(`${world.folder}/new/t`, { recursive: true });
    Deno.renameSync(`${world.folder}/t/a`, `${world.folder}/new/t/a`);
    Deno.writeTextFileSync(`${world.folder}/new/t/b`, "a stranger's");
    world.kill();
  };
  void world.manager.relocate([id], "new", true);
  await until(() => world.tree().includes("new/t/b"));
  world.beforeDisk = () => {};
  await world.restart();
  await world.clock.advance(5 * SECOND);
  assertEquals(world.session.torrents.size, 0);
  assertStringIncludes(JSON.stringify((await world.view(id)).trouble), "Cannot finish moving t");
  assertStringIncludes(world.warnings.join(), "Cannot finish moving t");
  Deno.removeSync(`${world.folder}/new/t/b`);
  await world.manager.start([id], false);
  await world.clock.advance(3 * SECOND);
  const view = await world.view(id);
  assertEquals([view.location, view.activity], ["new", "seeding"]);
  assertEquals(world.tree(), ["new/t/a", "new/t/b"]);
});

Deno.test("what could not be kept on a full disk is kept as soon as it can be", async () => {
  await using world = await World.start();
  const id = await world.add(await single("a"));
  const other = new DatabaseSync(`${world.folder}/.tm/manager.db`);
  other.exec("CREATE TRIGGER full BEFORE INSERT ON managed BEGIN SELECT raise(ABORT, 'full'); END");
  other.exec("CREATE TRIGGER full2 BEFORE INSERT ON kept BEGIN SELECT raise(ABORT, 'full'); END");
  await world.manager.set([id], { labels: ["kept"] });
  await world.manager.setSession({ downloadLimit: 888 });
  other.exec("DROP TRIGGER full; DROP TRIGGER full2");
  other.close();
  await world.clock.advance(20 * SECOND);
  world.kill();
  await world.restart();
  assertEquals((await world.view(id)).settings.labels, ["kept"]);
  assertEquals((await world.manager.session()).settings.downloadLimit, 888);
});

Deno.test("a database that is lost while the manager runs is written anew, all of it", async () => {
  await using world = await World.start();
  const ids = [];
  for (const name of ["a", "b", "c"]) ids.push(await world.add(await single(name)));
  await world.manager.setSession({ downloadLimit: 777 });
  world.kill();
  await world.restart();
  const path = `${world.folder}/.tm/manager.db`;
  const { size } = Deno.statSync(path);
  Deno.writeFileSync(path, new Uint8Array(Math.max(size, 8192)).fill(0xaa));
  Deno.writeFileSync(`${path}-wal`, new Uint8Array(0));
  for (let i = 0; i < 3; i++) {
    await world.manager.set([ids[0]!], { labels: [`x${i}`] });
    await world.clock.advance(2 * SECOND);
  }
  world.kill();
  await world.restart();
  const names = (await world.manager.torrents(null, [])).map(({ name }) => name);
  assertEquals(names, ["a", "b", "c"]);
  assertEquals((await world.manager.session()).settings.downloadLimit, 777);
});

Deno.test("a lost database: torrents are taken back from what is known of their pieces, and that is said", async () => {
  await using world = await World.start();
  const [a, b] = [await single("a"), await single("b")];
  await plant(world, a);
  await world.add(a, { settings: { labels: ["x"] } });
  await world.add(b);
  await world.clock.advance(2 * SECOND);
  world.kill();
  Deno.writeTextFileSync(`${world.folder}/.tm/manager.db`, "no database ".repeat(1000));
  await world.restart();
  assertStringIncludes(world.warnings.join("\n"), "Took back 2 torrents");
  await world.clock.advance(2 * SECOND);
  const views = await world.manager.torrents(null, []);
  assertEquals(views.map(({ name, done }) => [name, done]).sort(), [["a", 1000], ["b", 0]]);
  assertEquals(world.tree(), ["a"]);
});

Deno.test("one record that cannot be read: its torrent is taken back, the others are as they were", async () => {
  await using world = await World.start();
  const ids = [await world.add(await single("a")), await world.add(await single("b"))];
  await world.manager.set(ids, { labels: ["x"] });
  world.kill();
  const database = new DatabaseSync(`${world.folder}/.tm/manager.db`);
  database.exec(`UPDATE managed SET data = '{"name":' WHERE number = ${ids[0]}`);
  database.close();
  await world.restart();
  const views = await world.manager.torrents(null, []);
  const labels = views.map(({ name, settings }) => [name, settings.labels]);
  assertEquals(labels.sort(), [["a", []], ["b", ["x"]]]);
  assertStringIncludes(world.warnings.join("\n"), "torrent 1");
});

Deno.test("a clock that is set back, and one that jumps ahead, break nothing", async () => {
  await using world = await World.start();
  await world.manager.setSession({ timeEnabled: true, timeMinutes: 10 });
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  await world.clock.advance(MINUTE);
  for (const year of [1999, 2040, 1970]) {
    world.clock.setDate(new Date(year, 5, 5));
    await world.clock.advance(MINUTE);
    assertEquals((await world.view(id)).activity, "seeding");
  }
  const seconds = (await world.view(id)).secondsSeeding;
  assert(seconds >= 238 && seconds <= 242, `Expected four minutes, got ${seconds} s`);
  world.kill();
  await world.restart();
  await world.clock.advance(SECOND);
  const kept = (await world.view(id)).secondsSeeding;
  assert(kept >= seconds - 60 && kept <= seconds + 2, `${kept} of ${seconds}`);
});

Deno.test("an idle manager writes next to nothing", async () => {
  await using world = await World.start();
  const count = 60;
  for (let i = 0; i < count; i++) {
    const torrent = await single(`t${i}`, 300);
    await plant(world, torrent);
    await world.add(torrent);
  }
  await world.clock.advance(2 * SECOND);
  let [rows, most] = [0, 0];
  const save = world.kept.save.bind(world.kept);
  world.kept.save = (given) => {
    rows += given.length;
    most = Math.max(most, given.length);
    return save(given);
  };
  await world.clock.advance(5 * MINUTE);
  assert(rows > 0 && rows <= count * 10, `Expected a row a torrent and half a minute, got ${rows}`);
  assert(most <= count / 4, `Expected writes that are spread, got ${most} at once`);
});
