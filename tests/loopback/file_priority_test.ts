/** Priorities of files that change while a torrent runs, over real sockets. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { StorageError, toHex, UsageError } from "../../src/base/mod.ts";
import type { FilePriority } from "../../src/session/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";

const PIECE = 32_768;
/** Pieces: a 0 and 1, b 1 to 3, c 3 to 9, d 9 to 11. */
const FILES = [["a", 50_000], ["b", 60_000], ["c", 200_000], ["d", 70_000], ["empty", 0]] as const;
const FOREVER = { minutes: null, ratio: null };

const at = (number: number) => ({ from: number, to: number });
const set = (
  priority: FilePriority,
  ...numbers: number[]
) => [{ files: numbers.map(at), priority }];

function files(folder: Folder, name: string): string[] {
  return [...Deno.readDirSync(`${folder.path}/${name}`)].map((entry) => entry.name).toSorted();
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

/** What is asked for before a change is little, however long a busy machine takes to make it: four seconds' worth. */
const SLOW = { downloadLimit: PIECE };
const FAST = { downloadLimit: 20 * PIECE };

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** Resolves with the size of what is wanted once all of it is here for the `count`th time. */
async function done(client: Client, count: number): Promise<number> {
  return (await client.heard("done", (event) => client.all("done")[count - 1] === event)).size;
}

Deno.test("a file turned on while seeding is fetched, and one turned off stays where it is", async () => {
  const torrent = await labTorrent("runtime", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  await using client = await Client.start(to);
  const id = await client.add(torrent, { peers: [seed.address], select: [at(1)], seed: FOREVER });
  assertEquals(await done(client, 1), 3 * PIECE);
  assertEquals(files(to, "runtime"), ["b"]);
  const { control } = client.session;
  assertEquals(
    control.files(id)!.map(({ path, done, priority }) => [path, done, priority]),
    [
      ["runtime/a", 50_000 - PIECE, "off"],
      ["runtime/b", 60_000, "normal"],
      ["runtime/c", 4 * PIECE - 110_000, "off"],
      ["runtime/d", 0, "off"],
      ["runtime/empty", 0, "off"],
    ],
  );
  await control.setFilePriorities(id, [...set("high", 2), ...set("off", 1)]);
  // c alone: what b has of the piece they share is there
  assertEquals(await done(client, 2), 7 * PIECE);
  assertFile(to, torrent, 2);
  assertFile(to, torrent, 1);
  assertEquals(files(to, "runtime"), ["b", "c"]);
  await control.setFilePriorities(id, [{ files: [{ glob: "*" }], priority: "normal" }]);
  await done(client, 3);
  to.assertHolds(torrent);
  assertEquals(client.all("piece").length, 12);
  assertEquals([...Deno.readDirSync(`${to.path}/.tm`)].some(({ name }) => name === "parts"), false);
  assertEquals(client.all("error"), []);
});

Deno.test("a file that is turned up while it runs overtakes the others, one turned off comes no more", async () => {
  const specs = [["x", 20 * PIECE], ["y", 20 * PIECE], ["z", 20 * PIECE]] as const;
  const torrent = await labTorrent("turned", specs, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  await using client = await Client.start(to);
  const id = await client.add(torrent, { peers: [seed.address], sequential: true, ...SLOW });
  await client.heard("piece");
  const { control } = client.session;
  await control.setFilePriorities(id, [...set("high", 2), ...set("off", 1)]);
  client.session.setLimits(id, FAST);
  const before = client.all("piece").length;
  const { size } = await client.heard("done");
  const order = client.all("piece").slice(before).map(({ piece }) => piece);
  const placeOf = (those: (piece: number) => boolean) =>
    mean(order.flatMap((piece, place) => those(piece) ? [place] : []));
  assert(placeOf((piece) => piece >= 40) < placeOf((piece) => piece < 20), `${order}`);
  // one that was being written may follow
  assert(order.filter((piece) => piece >= 20 && piece < 40).length <= 2, `${order}`);
  assertEquals(size, 40 * PIECE);
  // what came of the other one out of turn, before, stays where it is
  assertEquals(files(to, "turned").filter((name) => name !== "y"), ["x", "z"]);
});

Deno.test("in order and with the ends first, switched on while it runs", async () => {
  const torrent = await labTorrent("ends", [["x", 40 * PIECE], ["y", 20 * PIECE]], PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  await using client = await Client.start(to);
  const id = await client.add(torrent, { peers: [seed.address], ...SLOW });
  await client.heard("piece");
  client.session.control.setOrder(id, { sequential: true, firstLast: true });
  client.session.setLimits(id, FAST);
  const before = client.all("piece").length;
  await client.heard("done");
  const order = client.all("piece").slice(before).map(({ piece }) => piece);
  const ends = [0, 39, 40, 59].map((piece) => order.indexOf(piece));
  // those that had begun, ten at most that the seed gives before anything else, and what is asked for ahead
  assert(Math.max(...ends) < 24, `${order}`);
  const late = order.slice(24);
  // several are hashed at a time, and some overtake others; in no order they would be 12 places off
  const off = late.toSorted((a, b) => a - b).map((piece, i) => Math.abs(late.indexOf(piece) - i));
  assert(mean(off) < 4, `${order}`);
});

Deno.test("priorities are kept for who asks for them, and go on from there", async () => {
  const torrent = await labTorrent("kept", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  {
    await using client = await Client.start(to);
    const id = await client.add(torrent, { peers: [seed.address], select: [at(1)], seed: FOREVER });
    await client.heard("done");
    await client.session.control.setFilePriorities(id, set("high", 3));
    await done(client, 2);
  }
  await using client = await Client.start(to);
  const id = await client.add(torrent, { keepPriorities: true, priorities: set("off", 3) });
  // bytes of b alone
  assertEquals((await client.heard("done")).size, 3 * PIECE);
  const kept = client.session.control.files(id)!.map(({ priority }) => priority);
  assertEquals(kept, ["off", "normal", "off", "off", "off"]);
  assertFile(to, torrent, 3);
  assertEquals(client.all("piece"), []);
});

Deno.test("a file turned on where a stranger's stands is refused, and all goes on as it was", async () => {
  const torrent = await labTorrent("strange", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  using to = new Folder();
  Deno.mkdirSync(`${to.path}/strange`);
  Deno.writeTextFileSync(`${to.path}/strange/d`, "my own");
  await using client = await Client.start(to);
  const id = await client.add(torrent, { peers: [seed.address], select: [at(1)], seed: FOREVER });
  await client.heard("done");
  const { control } = client.session;
  const change = () => control.setFilePriorities(id, set("normal", 2, 3));
  await assertRejects(change, StorageError, "strange/d");
  assertEquals(files(to, "strange"), ["b", "d"]);
  assertEquals(control.files(id)!.map(({ priority }) => priority), [
    "off",
    "normal",
    "off",
    "off",
    "off",
  ]);
  Deno.removeSync(`${to.path}/strange/d`);
  await change();
  await done(client, 2);
  assertFile(to, torrent, 3);
});

Deno.test("files of a torrent that is not known, or only served, cannot be chosen", async () => {
  const torrent = await labTorrent("served", FILES, PIECE);
  await using seed = await seeding(torrent);
  using _data = seed.folder;
  const { control } = seed.session;
  const id = toHex(torrent.hash);
  await assertRejects(() => control.setFilePriorities("00", set("off", 0)), UsageError);
  await assertRejects(() => control.setFilePriorities(id, set("off", 0)), UsageError);
  const odd = [{ files: [{ glob: "[" }], priority: "off" as const }];
  await assertRejects(() => control.setFilePriorities(id, odd), UsageError);
  assert(control.files(id)!.every(({ done, length }) => done === length));
});
