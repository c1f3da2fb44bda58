/** Chosen files over real sockets: nothing of the others is made or fetched beyond what pieces share. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { infoHash, MetainfoError } from "../../src/base/mod.ts";
import { encodeMagnet } from "../../src/metainfo/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";

const PIECE = 32_768;
/** `b` begins and ends inside pieces; `c` lies in four pieces of its own and two shared ones. */
const FILES = [["a", 50_000], ["b", 60_000], ["c", 200_000], ["d", 70_000], ["empty", 0]] as const;
const at = (number: number) => [{ from: number, to: number }];

function files(folder: Folder, name: string): string[] {
  return [...Deno.readDirSync(`${folder.path}/${name}`)].map((entry) => entry.name).toSorted();
}

/** Numbers of the files of which something lies apart. */
function partsOf(folder: Folder): string[] {
  try {
    return [...Deno.readDirSync(`${folder.path}/.tm/parts`)].flatMap(({ name }) =>
      [...Deno.readDirSync(`${folder.path}/.tm/parts/${name}`)].map((entry) => entry.name)
    ).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function assertFile(folder: Folder, torrent: LabTorrent, index: number): void {
  const { path, data } = torrent.files[index]!;
  const got = Deno.readFileSync(`${folder.path}/${path}`);
  assertEquals(got.length, data.length);
  assertEquals(got.findIndex((byte, i) => byte !== data[i]), -1);
}

async function seeding(torrent: LabTorrent): Promise<Client & { folder: Folder }> {
  const folder = new Folder().fill(torrent);
  const seed = await Client.start(folder);
  await seed.seed(torrent);
  return Object.assign(seed, { folder });
}

Deno.test("one file of a link: only its pieces are fetched, only it is made", async () => {
  const torrent = await labTorrent("choice", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  await using client = await Client.start(to);
  const peers = [seed.address];
  await client.addMagnet(
    encodeMagnet({ infoHash: infoHash(torrent.hash), peers, select: at(1) }),
  );
  const done = await client.heard("done");
  // bytes 50,000 to 110,000: pieces 1 to 3
  assertEquals([done.size, done.downloaded], [3 * PIECE, 3 * PIECE]);
  assertEquals(client.all("added")[0]!.files, 1);
  assertEquals(client.all("piece").map(({ piece }) => piece).toSorted(), [1, 2, 3]);
  assertEquals(files(to, "choice"), ["b"]);
  assertFile(to, torrent, 1);
});

Deno.test("what was chosen is believed after a restart, and more can be chosen then", async () => {
  const torrent = await labTorrent("more", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  const run = async (select: readonly { from: number; to: number }[] | undefined) => {
    await using client = await Client.start(to);
    const chosen = select === undefined ? {} : { select };
    await client.add(torrent, { peers: [seed.address], ...chosen });
    const { downloaded } = await client.heard("done");
    return downloaded;
  };
  assertEquals(await run(at(1)), 3 * PIECE);
  assertEquals(await run(at(1)), 0);
  // `d` (bytes 310,000 to 380,000) lies in pieces 9 to 11
  assert(await run([...at(1), ...at(3)]) <= 3 * PIECE);
  assertEquals(files(to, "more"), ["b", "d"]);
  assertEquals(partsOf(to), ["0", "2"]);
  // everything: what was apart is not fetched again, and lies apart no more
  assertEquals(await run(undefined), 6 * PIECE);
  to.assertHolds(torrent);
  assertEquals(partsOf(to), []);
});

Deno.test("a file that nobody chose is not touched, whatever it holds", async () => {
  const torrent = await labTorrent("mine", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  Deno.mkdirSync(`${to.path}/mine`);
  Deno.writeTextFileSync(`${to.path}/mine/a`, "my own");
  await using client = await Client.start(to);
  await client.add(torrent, { peers: [seed.address], select: at(1) });
  await client.heard("done");
  assertEquals(Deno.readTextFileSync(`${to.path}/mine/a`), "my own");
  assertEquals(files(to, "mine"), ["a", "b"]);
});

Deno.test("who has a part gives it to others, the pieces shared with unwanted files too", async () => {
  const torrent = await labTorrent("part", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using first = new Folder();
  using second = new Folder();
  await using middle = await Client.start(first);
  const forever = { minutes: null, ratio: null };
  await middle.add(torrent, { peers: [seed.address], select: at(2), seed: forever });
  await middle.heard("done");
  await seed.stop();
  await using last = await Client.start(second);
  await last.add(torrent, { peers: [middle.address], select: at(2) });
  await last.heard("done");
  assertFile(second, torrent, 2);
});

Deno.test("an empty file alone, and numbers that are not there", async () => {
  const torrent = await labTorrent("none", FILES, PIECE);
  using to = new Folder();
  await using client = await Client.start(to);
  await assertRejects(() => client.add(torrent, { select: at(9) }), MetainfoError);
  await client.add(torrent, { select: at(4) });
  await client.heard("done");
  assertEquals(files(to, "none"), ["empty"]);
});

Deno.test("what stands at a file's path when it is chosen later: its own data is used, another's is refused", async () => {
  const torrent = await labTorrent("later", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  const run = async (select: readonly { from: number; to: number }[], refused = false) => {
    await using client = await Client.start(to);
    await client.add(torrent, { peers: [seed.address], select });
    if (!refused) return (await client.heard("done")).downloaded;
    const { reason, path } = await client.heard("error");
    return `${reason} ${path}`;
  };
  assertEquals(await run(at(1)), 3 * PIECE);
  const path = `${to.path}/later/c`;
  const own = torrent.files[2]!.data.map((byte) => byte ^ 1);
  Deno.writeFileSync(path, own);
  assertEquals(await run([...at(1), ...at(2)], true), `file-exists ${path}`);
  assertEquals(Deno.readFileSync(path), own);
  // changing one's mind leaves it what it is, a stranger's
  assertEquals(await run(at(1)), 0);
  assertEquals(Deno.readFileSync(path), own);
  Deno.writeFileSync(path, torrent.files[2]!.data);
  assertEquals(await run([...at(1), ...at(2)]), PIECE);
  assertFile(to, torrent, 2);
  assertEquals(partsOf(to), ["0", "3"]);
});

Deno.test("an interrupted move is made up for", async () => {
  const torrent = await labTorrent("moved", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  const run = async (select: readonly { from: number; to: number }[]) => {
    await using client = await Client.start(to);
    await client.add(torrent, { peers: [seed.address], select });
    return (await client.heard("done")).downloaded;
  };
  assertEquals(await run(at(1)), 3 * PIECE);
  const hash = [...Deno.readDirSync(`${to.path}/.tm/parts`)][0]!.name;
  // as if killed after the file was moved: what is chosen is remembered before that
  assertEquals(await run([...at(1), ...at(2)]), 6 * PIECE);
  Deno.mkdirSync(`${to.path}/.tm/parts/${hash}`, { recursive: true });
  Deno.renameSync(`${to.path}/moved/c`, `${to.path}/.tm/parts/${hash}/2`);
  assertEquals(await run([...at(1), ...at(2)]), 0);
  assertFile(to, torrent, 2);
});
