/** What is refused and left out by patterns, over real sockets. */
import { assertEquals, assertRejects } from "@std/assert";
import { DeniedError, infoHash, UsageError } from "../../src/base/mod.ts";
import { verify } from "../../src/engine/jobs.ts";
import { encodeMagnet } from "../../src/metainfo/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";

const PIECE = 32_768;
const FILES = [["a.mkv", 50_000], ["b.nfo", 60_000], ["Extra/c.lnk", 90_000]] as const;

async function seeding(torrent: LabTorrent): Promise<Client & { folder: Folder }> {
  const folder = new Folder().fill(torrent);
  const seed = await Client.start(folder);
  await seed.seed(torrent);
  return Object.assign(seed, { folder });
}

Deno.test("a torrent with a denied file is refused at once, and leaves nothing", async () => {
  const torrent = await labTorrent("denied", FILES, PIECE);
  using to = new Folder();
  await using client = await Client.start(to);
  const deny = { deny: ["*.LNK"], select: [{ from: 0, to: 0 }], saveTorrent: true };
  await assertRejects(
    () => client.add(torrent, deny),
    DeniedError,
    "Extra/c.lnk is denied by *.LNK",
  );
  await assertRejects(() => client.add(torrent, { deny: ["["] }), UsageError);
  assertEquals([...Deno.readDirSync(to.path)].map(({ name }) => name), [".tm"]);
  assertEquals(client.all("added"), []);
});

Deno.test("what a link leads to is refused when its metadata is here, before anything of it is asked for", async () => {
  const torrent = await labTorrent("linked", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  await using client = await Client.start(to);
  const link = encodeMagnet({ infoHash: infoHash(torrent.hash), peers: [seed.address] });
  await client.addMagnet(link, { deny: ["*.scr", "extra"], saveTorrent: true });
  const { reason, message } = await client.heard("error");
  assertEquals([reason, message], [
    "denied",
    "Refused the torrent: its file linked/Extra/c.lnk is denied by extra",
  ]);
  assertEquals([...Deno.readDirSync(to.path)].map(({ name }) => name), [".tm"]);
  assertEquals(client.all("piece"), []);
});

Deno.test("patterns in a link's download; verify knows what was chosen, and reads what lies apart", async () => {
  const torrent = await labTorrent("verified", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  await using client = await Client.start(to);
  const link = encodeMagnet({ infoHash: infoHash(torrent.hash), peers: [seed.address] });
  await client.addMagnet(link, { exclude: [{ glob: "*.nfo" }, { glob: "extra/" }] });
  assertEquals((await client.heard("done")).size, 2 * PIECE);
  const check = async () => {
    const request = { folder: to.path, torrent: torrent.bytes };
    const { files } = await verify(request, () => {}, new AbortController().signal);
    return files.map(({ path, size, good, chosen }) => [path, size, good, chosen]);
  };
  // b has something in the second piece of a
  assertEquals(await check(), [
    ["verified/a.mkv", 50_000, 50_000, true],
    ["verified/b.nfo", null, 2 * PIECE - 50_000, false],
    ["verified/Extra/c.lnk", null, 0, false],
  ]);
  Deno.removeSync(`${to.path}/.tm/state.db`);
  Deno.removeSync(`${to.path}/verified/a.mkv`);
  assertEquals((await check()).map(([, size, , chosen]) => [size, chosen]), [
    [null, true],
    [null, true],
    [null, true],
  ]);
});
