import { assertEquals, assertRejects } from "@std/assert";
import { StorageError, utf8 } from "../../src/base/mod.ts";
import { type WatchedEntry, WatchedFolder } from "../../src/storage/mod.ts";

/** A folder with files in it; gone at the end. */
class Place implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async open(files: Readonly<Record<string, string>> = {}): Promise<Place> {
    const place = new Place(await Deno.realPath(await Deno.makeTempDir({ prefix: "tm-watch-" })));
    for (const [name, text] of Object.entries(files)) await place.write(name, text);
    return place;
  }

  async write(name: string, text: string): Promise<void> {
    const path = `${this.path}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }

  async names(within = ""): Promise<string[]> {
    const entries = await Array.fromAsync(Deno.readDir(`${this.path}/${within}`));
    return entries.map(({ name }) => name).sort();
  }

  get watched(): WatchedFolder {
    return new WatchedFolder(this.path, (name) => name.endsWith(".torrent"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

const brief = (entries: readonly WatchedEntry[]) =>
  entries.map(({ path, kind, size }) => `${path} ${kind} ${size}`);

async function entryOf(watched: WatchedFolder, path: string): Promise<WatchedEntry> {
  return (await watched.list()).find((entry) => entry.path === path)!;
}

Deno.test("watched folder: lists what is of interest, and that of its folders, nothing deeper", async () => {
  await using place = await Place.open({
    "b.torrent": "bb",
    "a.torrent": "a",
    "a.txt": "",
    ".hidden.torrent": "",
    "linux/c.torrent": "ccc",
    "linux/deeper/d.torrent": "",
    ".git/e.torrent": "",
    "added/f.torrent": "",
    "failed/g.torrent": "",
  });
  await Deno.mkdir(`${place.path}/folder.torrent`);
  assertEquals(brief(await place.watched.list()), [
    "a.torrent file 1",
    "b.torrent file 2",
    "linux/c.torrent file 3",
  ]);
});

Deno.test("watched folder: links and pipes are told as such, and no folder is entered by a link", async () => {
  await using place = await Place.open({ "x/a.torrent": "a" });
  await using outside = await Place.open({ "o.torrent": "secret" });
  await Deno.symlink(`${outside.path}/o.torrent`, `${place.path}/l.torrent`);
  await Deno.symlink(`${place.path}/nothing`, `${place.path}/m.torrent`);
  await Deno.symlink(outside.path, `${place.path}/folder`);
  await new Deno.Command("mkfifo", { args: [`${place.path}/p.torrent`] }).output();
  const { watched } = place;
  assertEquals((await watched.list()).map(({ path, kind }) => `${path} ${kind}`), [
    "l.torrent link",
    "m.torrent link",
    "p.torrent other",
    "x/a.torrent file",
  ]);
});

Deno.test("watched folder: its stamp changes with a name, in its folders too", async () => {
  await using place = await Place.open({ "x/a.torrent": "a" });
  const { watched } = place;
  await watched.list();
  const stamps = [await watched.stamp()];
  assertEquals(await watched.stamp(), stamps[0]);
  // the time of a folder may have no more than milliseconds
  await Deno.utime(place.path, 1000, 1000);
  stamps.push(await watched.stamp());
  await Deno.utime(`${place.path}/x`, 1000, 1000);
  stamps.push(await watched.stamp());
  await Deno.remove(`${place.path}/x`, { recursive: true });
  stamps.push(await watched.stamp());
  assertEquals(new Set(stamps).size, 4);
});

Deno.test("watched folder: one that is gone rejects and works again when it is back", async () => {
  await using place = await Place.open({ "in/a.torrent": "a" });
  const watched = new WatchedFolder(`${place.path}/in/`, () => true);
  await watched.stamp();
  await Deno.remove(`${place.path}/in`, { recursive: true });
  for (const look of [() => watched.stamp(), () => watched.list()]) {
    assertEquals((await assertRejects(look, StorageError)).reason, "missing");
  }
  await place.write("in/b.torrent", "b");
  assertEquals(brief(await watched.list()), ["b.torrent file 1"]);
});

Deno.test("watched folder: reads a file as it was listed, of bounded size", async () => {
  await using place = await Place.open({ "a.torrent": "abc" });
  const { watched } = place;
  const entry = await entryOf(watched, "a.torrent");
  assertEquals(await watched.read(entry, 3), utf8("abc"));
  for (
    const [reason, change] of [
      ["exists", () => Promise.resolve()],
      ["exists", () => place.write("a.torrent", "abcd")],
      ["missing", () => Deno.remove(`${place.path}/a.torrent`)],
      ["exists", () => Deno.symlink("/etc/hostname", `${place.path}/a.torrent`)],
    ] as const
  ) {
    await change();
    const error = await assertRejects(() => watched.read(entry, 2), StorageError);
    assertEquals(error.reason, reason);
  }
});

Deno.test("watched folder: moves aside under a free name, the reason beside it", async () => {
  await using place = await Place.open({
    "a.torrent": "1",
    "x/a.torrent": "2",
    "y/a.torrent": "3",
    "b\x1b\n.torrent": "4",
  });
  const { watched } = place;
  assertEquals(await watched.setAside("a.torrent", "failed", "No torrent"), "failed/a.torrent");
  assertEquals(await watched.setAside("x/a.torrent", "failed", null), "failed/a.2.torrent");
  assertEquals(await watched.setAside("y/a.torrent", "added", null), "added/a.torrent");
  assertEquals(await watched.setAside("b\x1b\n.torrent", "added", null), "added/b\x1b\n.torrent");
  assertEquals(await place.names("failed"), ["a.2.torrent", "a.torrent", "a.torrent.txt"]);
  assertEquals(await Deno.readTextFile(`${place.path}/failed/a.torrent.txt`), "No torrent\n");
  assertEquals(await Deno.readTextFile(`${place.path}/failed/a.torrent`), "1");
  assertEquals(await watched.list(), []);
});

Deno.test("watched folder: a name as long as can be is cut for its number and its reason", async () => {
  const name = `${"ä".repeat(123)}.torrent`;
  await using place = await Place.open({ [name]: "1", [`x/${name}`]: "2" });
  const { watched } = place;
  await watched.setAside(name, "failed", "No torrent");
  await watched.setAside(`x/${name}`, "failed", "No torrent");
  assertEquals((await place.names("failed")).length, 4);
});

Deno.test("watched folder: what stands in the way of its folders is never followed or replaced", async () => {
  await using outside = await Place.open();
  await using place = await Place.open({ "a.torrent": "1", "failed": "a file" });
  await Deno.symlink(outside.path, `${place.path}/added`);
  const { watched } = place;
  for (const [to, reason] of [["added", "link"], ["failed", "not-a-folder"]] as const) {
    const error = await assertRejects(() => watched.setAside("a.torrent", to, "x"), StorageError);
    assertEquals(error.reason, reason);
  }
  assertEquals(await place.names(), ["a.torrent", "added", "failed"]);
  assertEquals(await outside.names(), []);
});

Deno.test("watched folder: deletes a file; one that is gone is missing", async () => {
  await using place = await Place.open({ "a.torrent": "1" });
  const { watched } = place;
  await watched.remove("a.torrent");
  assertEquals(await place.names(), []);
  for (
    const act of [
      () => watched.remove("a.torrent"),
      () => watched.setAside("a.torrent", "added", null),
    ]
  ) {
    assertEquals((await assertRejects(act, StorageError)).reason, "missing");
  }
});
