import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { toHex, UsageError } from "../../src/base/mod.ts";
import { parseMagnet } from "../../src/metainfo/mod.ts";
import { Client, Folder, labTorrent } from "./lab.ts";
import { Managed } from "./managed.ts";
import { RawServer } from "../net/raw_server.ts";

const MIB = 1024 * 1024;
const forever = { minutes: null, ratio: null };
const torrent = await labTorrent("kept", [["", 4 * MIB]], 64 * 1024);
const large = await labTorrent("larger", [["", 64 * MIB]], 256 * 1024);

/** A session that serves torrents from `folder`. */
async function serve(folder: Folder, ...torrents: readonly (typeof torrent)[]): Promise<Client> {
  for (const each of torrents) folder.fill(each);
  const seeder = await Client.start(folder);
  for (const each of torrents) {
    await seeder.add(each, { seed: forever, seedOnly: true });
    await seeder.heard("done", (done) => done.name === each.name);
  }
  return seeder;
}

Deno.test("a download does not start without room for what is wanted and the reserve, and goes on by itself", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await serve(source, torrent);
  await using managed = await Managed.start(target, { reserve: 1e15 });
  await managed.add(torrent, { peers: [seeder.address] });
  const { trouble, downloaded } = await managed.until((view) => view.trouble.kind === "local");
  assert(trouble.kind === "local");
  assertEquals([trouble.reason, downloaded], ["disk-full", 0]);
  await managed.manager.setSession({ reserve: 0 });
  await managed.until((view) => view.activity === "seeding");
  target.assertHolds(torrent);
});

Deno.test("a download pauses while less is free than the reserve, and seeds go on", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await serve(source, torrent, large);
  await using managed = await Managed.start(target);
  const peers = [seeder.address];
  const done = await managed.add(torrent, { peers });
  await managed.until((view) => view.activity === "seeding", done);
  const id = await managed.add(large, {
    peers,
    settings: { downloadLimited: true, downloadLimit: MIB },
  });
  await managed.until((view) => view.downloaded > 0, id);
  await managed.manager.setSession({ reserve: 1e15 });
  const { trouble } = await managed.until((view) => view.trouble.kind === "local", id);
  assert(trouble.kind === "local" && trouble.reason === "disk-full");
  assertEquals((await managed.view(done)).activity, "seeding");
  await managed.manager.set([id], { downloadLimited: false });
  await managed.manager.setSession({ reserve: 0 });
  await managed.until((view) => view.activity === "seeding", id);
  target.assertHolds(large);
});

Deno.test("a link added stopped starts as often as it is asked to, and counts as known by its name alone", async () => {
  using source = new Folder();
  await using seeder = await serve(source, torrent);
  const link = parseMagnet(`magnet:?xt=urn:btih:${toHex(torrent.hash)}&x.pe=${seeder.address}`);
  for (const now of [false, true]) {
    using target = new Folder();
    await using managed = await Managed.start(target);
    const id = (await managed.manager.add({ torrent: link, paused: true })).id;
    // in a row it ends as the last one says
    await managed.manager.start([id], now);
    await managed.manager.stop([id]);
    await managed.manager.start([id], now);
    await managed.until(({ activity, metadata, name }) => {
      if (metadata === 1) assertEquals(name, torrent.name);
      return activity === "seeding" && metadata === 1;
    });
    target.assertHolds(torrent);
  }
});

Deno.test("switches of the session can be thrown while torrents run, and its port stays", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await serve(source, large);
  await using managed = await Managed.start(target, { dht: false });
  const id = await managed.add(large, {
    peers: [seeder.address],
    settings: { downloadLimited: true, downloadLimit: 8 * MIB },
  });
  await managed.until((view) => view.done > 0);
  const address = await managed.address();
  const { done } = await managed.view();
  // others are added while one session takes the place of another
  const thrown = managed.manager.setSession({ pex: false, lsd: false });
  await managed.add(torrent, { paused: false });
  await thrown;
  assertEquals(await managed.address(), address);
  await managed.until((view) => view.activity === "downloading" && view.peers > 0, id);
  assertGreater((await managed.view(id)).done, done - 1);
  await managed.manager.set([id], { downloadLimited: false });
  await managed.until((view) => view.activity === "seeding", id);
  const [, other] = await managed.manager.torrents(null, []);
  assertEquals([other!.activity, other!.trouble.kind], ["downloading", "none"]);
  assertEquals(managed.events.filter(({ type }) => type === "error"), []);
});

Deno.test("a list is fetched, kept, used at once and after a restart, and closes who is on it", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await serve(source, large);
  const packed = await gzip("# a list\nlocal:127.0.0.0-127.255.255.255\n10.0.0.0/8\n");
  await using lists = new RawServer(async (conn) => {
    await conn.write(
      new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Length: ${packed.length}\r\n\r\n`),
    );
    await conn.write(packed);
  });
  {
    await using managed = await Managed.start(target, {
      filterEnabled: true,
      filterUrl: `${lists.url}/list.gz`,
    });
    const id = await managed.add(large, {
      peers: [seeder.address],
      settings: { downloadLimited: true, downloadLimit: MIB },
    });
    await managed.until((view) => view.peers > 0);
    // from elsewhere nobody makes us ask in our own network
    await assertRejects(() => managed.manager.updateFilter(false), UsageError, "local address");
    assertEquals(await managed.manager.updateFilter(true), 2);
    await managed.until((view) => view.peers === 0, id);
    assertEquals((await managed.manager.session()).filterRules, 2);
    await managed.manager.setSession({ filterEnabled: false });
    await managed.manager.start([id], false);
    await managed.manager.stop([id]);
    await managed.until((view) => view.activity === "stopped", id);
    await managed.manager.start([id], false);
    await managed.until((view) => view.peers > 0, id);
    await managed.manager.setSession({ filterEnabled: true });
    await managed.until((view) => view.peers === 0, id);
  }
  await using managed = await Managed.start(target);
  assertEquals((await managed.manager.session()).filterRules, 2);
  await managed.until((view) => view.activity === "downloading");
  const finding = (await managed.manager.doctor()).find(({ subject }) => subject === "filter");
  assertEquals(finding?.text, "2 ranges are kept away");
});

Deno.test("what is no list leaves the old one in place, and says why", async () => {
  using target = new Folder();
  let answer = "1.2.3.4\n";
  await using lists = new RawServer(async (conn) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n`;
    await conn.write(new TextEncoder().encode(head + answer));
  });
  await using managed = await Managed.start(target, { filterUrl: `${lists.url}/list` });
  assertEquals(await managed.manager.updateFilter(true), 1);
  for (const [text, why] of [["<html>moved</html>", "no list"], ["", "empty"], ["PK..", "zip"]]) {
    answer = text!;
    await assertRejects(() => managed.manager.updateFilter(true), UsageError, why!);
    assertEquals((await managed.manager.session()).filterRules, 1);
  }
});

Deno.test("the doctor measures the disk, leaves nothing behind, and knows what it cannot know", async () => {
  using target = new Folder();
  await using managed = await Managed.start(target, { dht: false });
  const [findings, again] = await Promise.all([
    managed.manager.doctor(),
    managed.manager.doctor(),
  ]);
  assertEquals(findings, again);
  const by = new Map<string, (typeof findings)[number]>(
    findings.map((finding) => [finding.subject, finding]),
  );
  assertEquals([...by.keys()], [
    "permissions",
    "space",
    "disk",
    "port",
    "trackers",
    "dht",
    "clock",
    "limits",
    "torrents",
  ]);
  assert(/^(slow: )?writes .*\/s and reads .*\/s \(.* MiB/.test(by.get("disk")!.text));
  assertEquals(by.get("permissions")!.state, "ok");
  assertEquals(by.get("port")!.state, "warning");
  assertEquals(await managed.manager.testPort(), null);
  const left = [...Deno.readDirSync(`${target.path}/.tm`)].map(({ name }) => name);
  assertEquals(left.filter((name) => name.includes("probe")), []);
  assertEquals([...Deno.readDirSync(target.path)].map(({ name }) => name), [".tm"]);
});

Deno.test("nobody can come where we do not listen; free space is told inside of the folder only", async () => {
  using target = new Folder();
  Deno.mkdirSync(`${target.path}/films`);
  Deno.symlinkSync("/", `${target.path}/out`);
  await using managed = await Managed.start(target, {}, { listenPort: null });
  assertEquals(await managed.manager.testPort(), false);
  for (const path of ["", "films", "films/not/there/yet"]) {
    const { free, total } = await managed.manager.freeSpace(path);
    assertGreater(free, 0);
    assertLess(free, total);
  }
  for (const path of ["out", "..", "/etc", ".tm"]) {
    await assertRejects(() => managed.manager.freeSpace(path));
  }
});

Deno.test("limits of peers can be lowered and raised while a torrent runs", async () => {
  using first = new Folder();
  using second = new Folder();
  using target = new Folder();
  await using one = await serve(first, large);
  await using other = await serve(second, large);
  await using managed = await Managed.start(target, { peerLimitTorrent: 1 });
  const id = await managed.add(large, {
    peers: [one.address, other.address],
    settings: { downloadLimited: true, downloadLimit: MIB },
  });
  const { known, settings } = await managed.until((view) => view.peers === 1, id);
  assertEquals([known, settings.peerLimit], [2, 1]);
  await managed.manager.set([id], { peerLimit: 2 });
  await managed.until((view) => view.peers === 2, id);
  await managed.manager.setSession({ peerLimitGlobal: 1 });
  await managed.until((view) => view.peers === 1, id);
});

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
