/** What happens when commands, the session and time meet at a bad moment. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { parseMagnet } from "../../src/metainfo/mod.ts";
import {
  hashOf,
  type LabTorrent,
  labTorrent,
  plant,
  settle,
  single,
  until,
  World,
} from "./world.ts";

const SECOND = 1000;

function linkOf(torrent: LabTorrent) {
  return parseMagnet(`magnet:?xt=urn:btih:${hashOf(torrent)}&dn=a+link`);
}

Deno.test("start is not heard of while a torrent is being removed with its files", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  const gate = Promise.withResolvers<void>();
  world.beforeDisk = () => gate.promise;
  const removing = world.manager.remove([id], true);
  await settle();
  await world.manager.start([id], false);
  await world.clock.advance(3 * SECOND);
  assertEquals(world.session.torrents.size, 0);
  gate.resolve();
  await removing;
  await world.clock.advance(3 * SECOND);
  assertEquals([world.session.torrents.size, world.tree()], [0, []]);
  assertEquals(await world.manager.torrents(null, []), []);
});

Deno.test("a torrent added again while it is being removed is taken in anew", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const id = await world.add(torrent);
  const gate = Promise.withResolvers<void>();
  world.session.beforeRemove = () => gate.promise;
  const removing = world.manager.remove([id], false);
  await settle();
  const adding = world.manager.add({ torrent: torrent.bytes });
  await settle();
  gate.resolve();
  await removing;
  const added = await adding;
  assertEquals([added.duplicate, added.id === id], [false, false]);
  assertEquals((await world.view(added.id)).hash, hashOf(torrent));
  await world.clock.advance(2 * SECOND);
  assertEquals([...world.session.torrents.keys()], [hashOf(torrent)]);
});

Deno.test("one torrent whose files cannot be deleted does not keep others", async () => {
  await using world = await World.start();
  const [a, b] = [await single("a"), await single("b")];
  for (const torrent of [a, b]) await plant(world, torrent);
  const ids = [await world.add(a), await world.add(b)];
  Deno.removeSync(`${world.folder}/a`);
  Deno.symlinkSync(`${world.folder}/.tm`, `${world.folder}/a`);
  await assertRejects(() => world.manager.remove(ids, true), Error, "link");
  const left = await world.manager.torrents(null, []);
  assertEquals(left.map(({ name, activity }) => [name, activity]), [["a", "stopped"]]);
});

Deno.test("two moves at a time: the one that was asked for last holds", async () => {
  await using world = await World.start();
  const torrent = await labTorrent("t", [["a", 300], ["b", 300]], 256);
  await plant(world, torrent);
  const id = await world.add(torrent);
  const gate = Promise.withResolvers<void>();
  world.beforeDisk = () => gate.promise;
  const first = world.manager.relocate([id], "one", true);
  await settle();
  const second = world.manager.relocate([id], "two", true);
  const renaming = world.manager.rename(id, "t/a", "c");
  await settle();
  gate.resolve();
  await Promise.all([first, second, renaming]);
  assertEquals((await world.view(id)).location, "two");
  assertEquals(world.tree(), ["two/t/b", "two/t/c"]);
  await world.clock.advance(2 * SECOND);
  assertEquals(world.session.get(hashOf(torrent)).snapshot.complete, true);
});

Deno.test("a torrent is not in the session while its files move, whatever is asked meanwhile", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  await world.clock.advance(SECOND);
  world.beforeDisk = async () => {
    assertEquals(world.session.torrents.size, 0);
    await world.manager.start([id], true);
    await world.manager.verify([id]);
    await world.clock.advance(5 * SECOND);
    assertEquals(world.session.torrents.size, 0);
  };
  await world.manager.relocate([id], "deep/er", true);
  await world.clock.advance(3 * SECOND);
  assertEquals(world.session.get(hashOf(torrent)).options.location, ["deep", "er"]);
  assertEquals(world.tree(), ["deep/er/a"]);
});

Deno.test("renaming a torrent that is being checked checks it on under its new name", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  world.session.get(hashOf(torrent)).show({ phase: "checking", checked: 0.5 });
  await world.manager.verify([id]);
  await world.manager.rename(id, "a", "b");
  await world.clock.advance(3 * SECOND);
  const { options, snapshot } = world.session.get(hashOf(torrent));
  assertEquals([options.check, snapshot.complete], [true, true]);
  assertEquals([(await world.view(id)).name, world.tree()], ["b", ["b"]]);
});

Deno.test("a name given as soon as the metadata of a magnet link is here stays", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const { id } = await world.manager.add({ torrent: linkOf(torrent) });
  await settle();
  await plant(world, torrent);
  await world.manager.rename(id, "a", "b");
  const hash = hashOf(torrent);
  await world.clock.advance(2 * SECOND);
  world.session.torrents.get(hash)?.show({ phase: "running", size: 1000 });
  await world.clock.advance(5 * SECOND);
  const view = await world.view(id);
  assertEquals([view.name, view.metadata, view.size], ["b", 1, 1000]);
});

Deno.test("a magnet link is known by its name as soon as it counts as known, and what is wanted stays", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const { id } = await world.manager.add({ torrent: linkOf(torrent) });
  await settle();
  await plant(world, torrent);
  await world.clock.advance(2 * SECOND);
  // all that is wanted comes between two beats
  world.session.get(hashOf(torrent)).show({
    phase: "running",
    metadata: 1,
    size: 400,
    done: 400,
    complete: true,
  });
  const { name, metadata } = await world.view(id);
  assertEquals([name, metadata < 1], ["a link", true]);
  // whoever looks has it read, without a further beat
  let view = await world.view(id);
  for (let tries = 0; view.metadata < 1 && tries < 10_000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    view = await world.view(id);
  }
  assertEquals([view.name, view.metadata, view.size], ["a", 1, 1000]);
  assertEquals([view.wanted, view.done], [400, 400]);
});

Deno.test("start and stop in a row end as the last one says", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const id = await world.add(torrent, { paused: true });
  const gate = Promise.withResolvers<void>();
  world.session.beforeAdd = () => gate.promise;
  await world.manager.start([id], false);
  await settle();
  await world.manager.stop([id]);
  gate.resolve();
  await world.clock.advance(3 * SECOND);
  assertEquals(world.session.torrents.size, 0);
  await world.manager.start([id], false);
  await world.manager.stop([id]);
  await world.manager.start([id], false);
  await world.clock.advance(3 * SECOND);
  assertEquals(world.session.torrents.size, 1);
});

Deno.test("other switches take a new session; what is asked meanwhile is done in that one", async () => {
  await using world = await World.start();
  const [a, b] = [await single("a"), await single("b")];
  await world.add(a);
  const before = world.session;
  const gate = Promise.withResolvers<void>();
  world.beforeOpen = () => gate.promise;
  const setting = world.manager.setSession({ dht: false });
  await settle();
  const id = await world.add(b);
  await world.manager.start(null, true);
  await world.clock.advance(3 * SECOND);
  gate.resolve();
  await setting;
  await world.clock.advance(2 * SECOND);
  assert(world.session !== before && before.stopped);
  assertEquals([...world.session.torrents.keys()].sort(), [hashOf(a), hashOf(b)].sort());
  assertEquals((await world.view(id)).trouble, { kind: "none" });
  assertEquals(world.opened.map(({ dht }) => dht), [true, false]);
  assertEquals(world.session.limits.length, 1);
});

Deno.test("a session that cannot be opened anew is tried again, and the manager can be ended", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await world.add(torrent);
  world.beforeOpen = () => {
    throw new Error("the port is taken");
  };
  await world.manager.setSession({ pex: false });
  assertStringIncludes(world.warnings.join(), "the port is taken");
  await world.clock.advance(SECOND);
  world.beforeOpen = () => {};
  await world.clock.advance(60 * SECOND);
  assertEquals([...world.session.torrents.keys()], [hashOf(torrent)]);
  await world.manager.setSession({ lsd: false });
  world.beforeOpen = () => {
    throw new Error("the port is taken");
  };
  await world.manager.setSession({ pex: true });
  await world.stop();
  world.beforeOpen = () => {};
  await world.clock.advance(60 * SECOND);
  assert(world.session.stopped);
  await world.restart();
  const { settings } = await world.manager.session();
  assertEquals([settings.dht, settings.pex, settings.lsd], [true, true, false]);
});

Deno.test("one mistake in trackers, and no torrent is changed", async () => {
  await using world = await World.start();
  const a = await labTorrent("a", [["", 300]], 256, "http://one.example/announce");
  const b = await single("b");
  const ids = [await world.add(a), await world.add(b)];
  const patch = { removeTrackers: [0], labels: ["new"], downloadLimit: 7 };
  await assertRejects(() => world.manager.set(ids, patch), UsageError, "no tracker 0");
  for (const view of await world.manager.torrents(ids, ["trackers"])) {
    assertEquals([view.settings.labels, view.settings.downloadLimit === 7], [[], false]);
    assertEquals(view.trackers?.length, view.id === ids[0] ? 1 : 0);
  }
  const places = () => world.manager.set(ids, { position: -1 });
  await assertRejects(places, UsageError, "position");
  await assertRejects(() => world.manager.set(ids, { position: Number.NaN }), UsageError);
});

Deno.test("trackers and a place in the queue are taken with a new torrent, or it is not taken in", async () => {
  await using world = await World.start();
  const [a, b] = [await single("a"), await single("b")];
  await world.add(a);
  const bad = { torrent: b.bytes, settings: { addTrackers: ["file:///etc"] } };
  await assertRejects(() => world.manager.add(bad), UsageError, "tracker");
  assertEquals(world.state.metainfos().length, 1);
  const settings = { position: 0, addTrackers: ["udp://t.example:1/announce"], labels: ["x"] };
  const id = await world.add(b, { settings });
  const [view] = await world.manager.torrents([id], ["trackers"]);
  assertEquals([view!.position, view!.settings.labels], [0, ["x"]]);
  assertEquals(view!.trackers!.map(({ url }) => url), ["udp://t.example:1/announce"]);
});

Deno.test("a move that goes on while the manager ends is finished at the next start", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  await plant(world, torrent);
  const id = await world.add(torrent);
  const gate = Promise.withResolvers<void>();
  let reached = false;
  world.beforeDisk = () => {
    reached = true;
    return gate.promise;
  };
  const moving = world.manager.relocate([id], "new", true).catch(() => {});
  await until(() => reached);
  await world.stop();
  gate.resolve();
  await settle();
  world.beforeDisk = () => {};
  await world.restart();
  await until(() => world.session.torrents.size === 1);
  assertEquals([(await world.view(id)).location, world.tree()], ["new", ["new/a"]]);
  assertEquals(world.warnings, []);
  void moving;
});

Deno.test("a manager that has ended refuses more", async () => {
  await using world = await World.start();
  await world.stop();
  const torrent = await single("a");
  await assertRejects(() => world.manager.add({ torrent: torrent.bytes }), Error, "running");
  await assertRejects(() => world.manager.setSession({ dht: false }), Error, "running");
  assertEquals(world.warnings, []);
});

Deno.test("files chosen just after a start stay chosen, though it began with none", async () => {
  await using world = await World.start();
  const torrent = await single("a");
  const id = await world.add(torrent, {
    settings: { filePriorities: [{ files: [], priority: "off" }] },
  });
  world.session.knowsFiles = true;
  await until(() => world.session.torrents.size === 1, "it to run");
  await world.manager.set([id], { filePriorities: [{ files: [0], priority: "normal" }] });
  await world.clock.advance(5 * SECOND);
  assertEquals(world.session.chosen.map(({ priority }) => priority), ["off", "normal"]);
});
