/** A manager whose torrents are on their way while their files move, are hashed, and go. */
import { assert, assertEquals } from "@std/assert";
import { Client, Folder, labTorrent } from "./lab.ts";
import { Managed } from "./managed.ts";

const SLOW = { downloadLimit: 400_000, downloadLimited: true };
const one = await labTorrent("one", [["a", 700_000], ["deep/b", 500_000]], 64 * 1024);
const two = await labTorrent("two", [["", 300_000]], 32 * 1024);

function files({ path }: Folder): string[] {
  const out: string[] = [];
  const walk = (below: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(`${path}/${below}`)) {
      const inner = below === "" ? name : `${below}/${name}`;
      if (inner === ".tm") continue;
      if (isDirectory) walk(inner);
      else out.push(inner);
    }
  };
  walk("");
  return out.sort();
}

/** Fails unless the files of a torrent stand in `location`. */
function assertHolds(folder: Folder, location: string, torrent: typeof one): void {
  for (const { path, data } of torrent.files) {
    assertEquals(Deno.readFileSync(`${folder.path}/${location}/${path}`), data, path);
  }
}

Deno.test("a download goes on after a restart, with what it had; another one is as it was", async () => {
  using seeds = new Folder().fill(one).fill(two);
  using folder = new Folder();
  await using seed = await Client.start(seeds);
  await seed.seed(one);
  await seed.seed(two);
  const peers = [seed.address];
  let before = 0;
  {
    await using managed = await Managed.start(folder, SLOW);
    const id = await managed.add(one, { peers, settings: { labels: ["x"], bandwidth: "high" } });
    await managed.add(two, { peers, paused: true, location: "kept" });
    before = (await managed.until((view) => view.done >= 256 * 1024, id)).downloaded;
    assert(before < 1_200_000);
  }
  await using managed = await Managed.start(folder, { downloadLimited: false });
  const view = await managed.until(({ activity }) => activity === "seeding", 1);
  assertEquals([view.done, view.settings.labels, view.settings.bandwidth], [
    1_200_000,
    ["x"],
    "high",
  ]);
  // nothing that was there came twice, but blocks of pieces that were not whole
  assert(view.downloaded >= 1_200_000 && view.downloaded <= 1_200_000 + 8 * 64 * 1024);
  folder.assertHolds(one);
  const other = await managed.view(2);
  assertEquals([other.activity, other.location, other.position], ["stopped", "kept", 1]);
  await managed.manager.start([2], false);
  await managed.until(({ activity }) => activity === "seeding", 2);
  assertHolds(folder, "kept", two);
});

Deno.test("a download moves and is renamed while it runs, and goes on there", async () => {
  using seeds = new Folder().fill(one);
  using folder = new Folder();
  await using seed = await Client.start(seeds);
  await seed.seed(one);
  await using managed = await Managed.start(folder, SLOW);
  const id = await managed.add(one, { peers: [seed.address] });
  await managed.until((view) => view.done >= 128 * 1024);
  await managed.manager.relocate([id], "new/place", true);
  const had = (await managed.view()).done;
  assert(had >= 128 * 1024, `Expected to keep what it had, got ${had}`);
  await managed.manager.rename(id, "one/deep/b", "c");
  await managed.manager.setSession({ downloadLimited: false });
  const view = await managed.until(({ activity }) => activity === "seeding");
  assertEquals([view.location, view.corrupt], ["new/place", 0]);
  assertEquals(files(folder), ["new/place/one/a", "new/place/one/deep/c"]);
  await managed.manager.rename(id, "one", "uno");
  assertEquals(files(folder), ["new/place/uno/a", "new/place/uno/deep/c"]);
  assertEquals(Deno.readFileSync(`${folder.path}/new/place/uno/a`), one.files[0]!.data);
  await managed.until(({ activity }) => activity === "seeding");
  assertEquals((await managed.view()).name, "uno");
});

Deno.test("verify finds what was changed on disk, and it is downloaded again", async () => {
  using seeds = new Folder().fill(one);
  using folder = new Folder().fill(one);
  await using managed = await Managed.start(folder);
  const id = await managed.add(one);
  await managed.until(({ activity }) => activity === "seeding");
  const path = `${folder.path}/one/a`;
  const { mtime } = Deno.statSync(path);
  const file = Deno.openSync(path, { write: true });
  file.writeSync(new Uint8Array(10));
  file.close();
  Deno.utimeSync(path, mtime!, mtime!);
  await managed.manager.verify([id]);
  const found = await managed.until(({ activity }) => activity === "downloading");
  assertEquals(found.done, 1_200_000 - 64 * 1024);
  await using seed = await Client.start(seeds);
  await seed.seed(one);
  // who has it is named anew
  await managed.manager.remove([id], false);
  await managed.add(one, { peers: [seed.address] });
  await managed.until(({ activity }) => activity === "seeding");
  folder.assertHolds(one);
});

Deno.test("a stopped torrent that is verified is hashed and stays stopped", async () => {
  using folder = new Folder().fill(two);
  await using managed = await Managed.start(folder);
  const id = await managed.add(two, { paused: true });
  await managed.manager.verify([id]);
  const view = await managed.until(({ activity, done }) => activity === "stopped" && done > 0);
  assertEquals(view.done, 300_000);
});

Deno.test("removing with data takes the torrent's files, on the way and whole, and leaves others", async () => {
  using seeds = new Folder().fill(one);
  using folder = new Folder().fill(two);
  await using seed = await Client.start(seeds);
  await seed.seed(one);
  await using managed = await Managed.start(folder, SLOW);
  const ids = [
    await managed.add(one, { peers: [seed.address] }),
    await managed.add(two),
  ];
  await managed.until((view) => view.done > 0, ids[0]);
  await managed.until(({ activity }) => activity === "seeding", ids[1]);
  Deno.writeTextFileSync(`${folder.path}/one/mine`, "a user's");
  await managed.manager.remove([ids[0]!], true);
  assertEquals(files(folder), ["one/mine", "two"]);
  await managed.manager.remove([ids[1]!], true);
  assertEquals(files(folder), ["one/mine"]);
  assertEquals(await managed.manager.torrents(null, []), []);
});

Deno.test("a stranger's file in the way is told, and stays when the torrent is removed with its data", async () => {
  using folder = new Folder();
  Deno.writeTextFileSync(`${folder.path}/two`, "a user's own, and longer than nothing");
  await using managed = await Managed.start(folder);
  const id = await managed.add(two);
  const { trouble } = await managed.until((view) => view.trouble.kind === "local");
  assert(trouble.kind === "local" && trouble.reason === "file-exists", JSON.stringify(trouble));
  await managed.manager.remove([id], true);
  assertEquals(files(folder), ["two"]);
});

Deno.test("what lies apart of unwanted files goes with the data", async () => {
  using seeds = new Folder().fill(one);
  using folder = new Folder();
  await using seed = await Client.start(seeds);
  await seed.seed(one);
  await using managed = await Managed.start(folder);
  const filePriorities = [{ files: [1], priority: "off" as const }];
  const id = await managed.add(one, { peers: [seed.address], settings: { filePriorities } });
  await managed.until(({ activity }) => activity === "seeding");
  const parts = () =>
    [...Deno.readDirSync(`${folder.path}/.tm`)].some(({ name }) => name === "parts");
  assertEquals([files(folder), parts()], [["one/a"], true]);
  await managed.manager.relocate([id], "there", true);
  await managed.until(({ activity }) => activity === "seeding");
  assertEquals([files(folder), parts()], [["there/one/a"], true]);
  await managed.manager.remove([id], true);
  assertEquals([files(folder), parts()], [[], false]);
});
