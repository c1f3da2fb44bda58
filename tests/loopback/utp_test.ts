/** Sessions that speak uTP alone, over real sockets. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";

const MIB = 1024 * 1024;
const UTP_ONLY = { tcp: false } as const;
const FOREVER = { seed: { minutes: null, ratio: null } } as const;

/** A torrent of some mebibytes. */
function some(name: string, mebibytes: number): Promise<LabTorrent> {
  return labTorrent(name, [["", mebibytes * MIB + 17]], 256 * 1024);
}

Deno.test("a torrent is downloaded over uTP alone", async () => {
  const torrent = await some("utp.bin", 16);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), UTP_ONLY);
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, UTP_ONLY);
  await leecher.add(torrent, { peers: [seeder.address] });
  await leecher.heard("finished");
  target.assertHolds(torrent);
  assertEquals(leecher.all("warning"), []);
  assertEquals(seeder.all("warning"), []);
});

Deno.test("over IPv6 too", async () => {
  const torrent = await some("utp6.bin", 2);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), UTP_ONLY);
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, UTP_ONLY);
  await leecher.add(torrent, { peers: [`[::1]:${seeder.session.port}`] });
  await leecher.heard("finished");
  target.assertHolds(torrent);
});

Deno.test("who has both is found by who has uTP alone, and the other way round", async () => {
  for (const seedsOverUtp of [true, false]) {
    const torrent = await some(`both-${seedsOverUtp}.bin`, 1);
    using source = new Folder();
    using target = new Folder();
    const only = (utp: boolean) => utp ? UTP_ONLY : {};
    await using seeder = await Client.start(source.fill(torrent), only(seedsOverUtp));
    await seeder.seed(torrent);
    await using leecher = await Client.start(target, only(!seedsOverUtp));
    await leecher.add(torrent, { peers: [seeder.address] });
    await leecher.heard("finished");
    target.assertHolds(torrent);
  }
});

Deno.test("without uTP nobody who has it alone is met", async () => {
  const torrent = await some("never.bin", 1);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), UTP_ONLY);
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, { utp: false, waitPatience: 0.5 });
  await leecher.add(torrent, { peers: [seeder.address] });
  const { causes } = await leecher.heard("waiting");
  assertGreater(causes.length, 0);
  assertEquals(seeder.all("peer"), []);
});

Deno.test("a download limit holds over uTP, and the seed is slowed down, not cut off", async () => {
  const torrent = await some("limited.bin", 3);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), UTP_ONLY);
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, { ...UTP_ONLY, downloadLimit: 2 * MIB });
  const started = performance.now();
  await leecher.add(torrent, { peers: [seeder.address] });
  await leecher.heard("finished");
  // three mebibytes at two a second; never faster, however slow the machine
  assertGreater(performance.now() - started, 1_000);
  target.assertHolds(torrent);
  assertEquals(leecher.all("peer").filter(({ action }) => action === "banned"), []);
});

Deno.test("four leechers that know each other complete over uTP alone", async () => {
  const torrent = await some("four.bin", 4);
  using source = new Folder();
  using first = new Folder();
  using second = new Folder();
  using third = new Folder();
  await using seeder = await Client.start(source.fill(torrent), UTP_ONLY);
  await seeder.seed(torrent);
  await using one = await Client.start(first, UTP_ONLY);
  await using two = await Client.start(second, UTP_ONLY);
  await using three = await Client.start(third, UTP_ONLY);
  const known = [seeder.address, one.address, two.address, three.address];
  for (const each of [one, two, three]) {
    await each.add(torrent, { peers: known.filter((at) => at !== each.address), ...FOREVER });
  }
  for (const each of [one, two, three]) await each.heard("done");
  for (const folder of [first, second, third]) folder.assertHolds(torrent);
});

Deno.test("its own address is known for what it is", async () => {
  const torrent = await some("self.bin", 1);
  using target = new Folder();
  await using leecher = await Client.start(target, { ...UTP_ONLY, waitPatience: 0.5 });
  await leecher.add(torrent, { peers: [leecher.address] });
  await leecher.heard("waiting");
  const { known } = await leecher.heard("progress", ({ known }) => known === 0);
  assertEquals(known, 0);
});

Deno.test("metadata comes over uTP", async () => {
  const torrent = await some("link.bin", 1);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), UTP_ONLY);
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, UTP_ONLY);
  const hash = Array.from(torrent.hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  await leecher.addMagnet(`magnet:?xt=urn:btih:${hash}&x.pe=${seeder.address}`);
  await leecher.heard("finished");
  assert((await leecher.heard("metadata")).size > 0);
  target.assertHolds(torrent);
});

Deno.test("who insists on encryption has it over uTP", async () => {
  const torrent = await some("secret.bin", 2);
  using source = new Folder();
  using target = new Folder();
  const secret = { ...UTP_ONLY, encryption: "require" } as const;
  await using seeder = await Client.start(source.fill(torrent), secret);
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, secret);
  await leecher.add(torrent, { peers: [seeder.address] });
  await leecher.heard("finished");
  target.assertHolds(torrent);
});
