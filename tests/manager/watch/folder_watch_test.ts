import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Bytes, StorageError, toHex, utf8 } from "../../../src/base/mod.ts";
import { parseMetainfo } from "../../../src/metainfo/mod.ts";
import type { EngineEvent } from "../../../src/session/mod.ts";
import type { AsideFolder, WatchedEntry } from "../../../src/storage/mod.ts";
import type { NewTorrent } from "../../../src/manager/mod.ts";
import {
  FolderWatch,
  isWatched,
  LIST_MS,
  MAX_MAGNET_BYTES,
  POLL_MS,
  type WatchPort,
} from "../../../src/manager/watch/folder_watch.ts";
import { AGAIN_MS, DOUBT_MS, EMPTY_MS, SETTLE_MS } from "../../../src/manager/watch/settling.ts";
import { torrentOf } from "../../cli/world.ts";
import { SESSION_SETTINGS } from "../../control/fake_manager.ts";

const HASH = "2089b05ecca3d829cee5497d2703803b52216d19";

interface FakeFile {
  readonly bytes: Bytes;
  readonly size: number;
  readonly mtimeMs: number;
  readonly kind: WatchedEntry["kind"];
}

/** A folder, a manager and a clock in memory. */
class Lab implements WatchPort {
  readonly folder = "/in";
  readonly files = new Map<string, FakeFile>();
  readonly events: EngineEvent[] = [];
  readonly added: NewTorrent[] = [];
  readonly reasons = new Map<string, string | null>();
  lists = 0;
  /** What the folder fails with. */
  fault: Error | null = null;
  /** What moving a file fails with. */
  stuck: Error | null = null;
  /** What adding a torrent fails with. */
  refusal: Error | null = null;
  trash = false;
  owned: readonly string[] = [];
  keepsTime = true;
  #now = 0;
  #timer: { readonly at: number; readonly call: () => void } | null = null;
  #idle = Promise.withResolvers<void>();
  readonly watch = new FolderWatch({
    port: this,
    manager: {
      add: async (torrent) => {
        if (this.refusal !== null) throw this.refusal;
        const { torrent: given } = torrent;
        const known = given instanceof Uint8Array ? await parseMetainfo(given) : given;
        const hash = toHex(known.infoHash);
        const duplicate = this.added.some((each) => each === torrent) || this.#hashes.has(hash);
        this.#hashes.add(hash);
        this.added.push(torrent);
        return { id: this.added.length, hash, name: known.name ?? hash, duplicate };
      },
      session: () =>
        Promise.resolve({
          settings: { ...SESSION_SETTINGS, trashTorrents: this.trash },
          folder: "/srv",
          free: null,
          port: null,
          filterRules: 0,
          alternative: false,
          lacks: [],
        }),
    },
    clock: {
      now: () => this.#now,
      after: (ms, call) => {
        const timer = { at: this.#now + ms, call };
        this.#timer = timer;
        this.#idle.resolve();
        return () => this.#timer = null;
      },
    },
    emit: (event) => this.events.push(event),
    maxBytes: 100_000,
    ofTorrents: (paths) => new Set(paths.filter((path) => this.owned.includes(path))),
  });
  readonly #hashes = new Set<string>();

  static async start(files: Readonly<Record<string, Bytes | string>> = {}): Promise<Lab> {
    const lab = new Lab();
    for (const [path, content] of Object.entries(files)) lab.write(path, content);
    lab.watch.start();
    await lab.#idle.promise;
    return lab;
  }

  write(path: string, content: Bytes | string, more: Partial<FakeFile> = {}): void {
    const bytes = typeof content === "string" ? utf8(content) : content;
    this.files.set(path, { bytes, size: bytes.length, mtimeMs: this.#now, kind: "file", ...more });
  }

  /** Lets time pass, look after look. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    while (this.#timer !== null && this.#timer.at <= end) {
      const { at, call } = this.#timer;
      this.#now = at;
      this.#timer = null;
      this.#idle = Promise.withResolvers();
      call();
      await this.#idle.promise;
    }
    this.#now = end;
  }

  /** What was said of files, and of the folder. */
  get said(): string[] {
    return this.events.map((event) =>
      event.type === "watched"
        ? `${event.path} ${event.outcome}${event.message === null ? "" : `: ${event.message}`}`
        : event.type === "warning"
        ? event.message
        : event.type
    );
  }

  stamp(): Promise<string> {
    if (this.fault !== null) return Promise.reject(this.fault);
    return Promise.resolve(this.keepsTime ? [...this.files.keys()].join() : "");
  }

  list(): Promise<WatchedEntry[]> {
    this.lists++;
    return Promise.resolve(
      [...this.files].map(([path, { size, mtimeMs, kind }]) => ({ path, size, mtimeMs, kind })),
    );
  }

  read({ path }: WatchedEntry): Promise<Bytes> {
    const file = this.files.get(path);
    if (file !== undefined) return Promise.resolve(file.bytes);
    return Promise.reject(new StorageError("missing", path, "Not found"));
  }

  setAside(path: string, to: AsideFolder, reason: string | null): Promise<string> {
    if (this.stuck !== null) return Promise.reject(this.stuck);
    this.files.delete(path);
    const place = `${to}/${path.slice(path.lastIndexOf("/") + 1)}`;
    this.reasons.set(place, reason);
    return Promise.resolve(place);
  }

  remove(path: string): Promise<void> {
    if (this.stuck !== null) return Promise.reject(this.stuck);
    this.files.delete(path);
    return Promise.resolve();
  }
}

/** The first look after a file has settled. */
const SOON = Math.ceil(SETTLE_MS / POLL_MS) * POLL_MS;

Deno.test("watch: torrents and links that have settled are added and put aside", async () => {
  const torrent = torrentOf("film");
  const lab = await Lab.start({ "a.torrent": torrent, "b.magnet": `magnet:?xt=urn:btih:${HASH}` });
  assertEquals(lab.added, []);
  await lab.pass(SOON);
  assertEquals(lab.said, ["/in/a.torrent added", "/in/b.magnet added"]);
  assertEquals([...lab.reasons], [["added/a.torrent", null], ["added/b.magnet", null]]);
  assertEquals(lab.added[0], { torrent });
  assertEquals(lab.events[0], {
    type: "watched",
    torrent: toHex((await parseMetainfo(torrent)).infoHash),
    path: "/in/a.torrent",
    name: "film",
    outcome: "added",
    message: null,
  });
});

Deno.test("watch: a file that is still written is not read", async () => {
  const lab = await Lab.start({ "a.torrent": "d4:info" });
  for (let i = 0; i < 20; i++) {
    await lab.pass(POLL_MS);
    lab.write("a.torrent", "d4:info");
  }
  assertEquals(lab.said, []);
  lab.write("a.torrent", torrentOf("film"));
  await lab.pass(SOON + POLL_MS);
  assertEquals(lab.said, ["/in/a.torrent added"]);
});

Deno.test("watch: half a torrent has longer, and is added when the rest comes", async () => {
  const torrent = torrentOf("film");
  const lab = await Lab.start({ "a.torrent": torrent.slice(0, 50) });
  await lab.pass(DOUBT_MS - POLL_MS);
  lab.write("a.torrent", torrent);
  await lab.pass(SOON + POLL_MS);
  assertEquals(lab.said, ["/in/a.torrent added"]);
});

Deno.test("watch: what is no torrent goes to failed, once, with the reason", async () => {
  const lab = await Lab.start({
    "a.torrent": "<html>",
    "b.torrent": "de",
    "c.magnet": "hello",
    "d.torrent": "",
  });
  lab.write("e.torrent", "", { size: 1e12 });
  lab.write("f.magnet", "", { size: MAX_MAGNET_BYTES + 1 });
  await lab.pass(EMPTY_MS + POLL_MS);
  const names = ["e.torrent", "f.magnet", "a.torrent", "b.torrent", "c.magnet", "d.torrent"];
  assertEquals([...lab.reasons.keys()], names.map((name) => `failed/${name}`));
  assertEquals(lab.said.length, 6);
  assertStringIncludes(lab.said[0]!, "/in/e.torrent failed: Expected at most 97.7 KiB, got 931.3");
  assertStringIncludes(lab.said[1]!, "Expected at most 64.0 KiB");
  assertStringIncludes(lab.said[2]!, "failed: No torrent file: ");
  assertStringIncludes(lab.said[2]!, "; now failed/a.torrent");
  assertStringIncludes(lab.said[5]!, "The file is empty");
  assertStringIncludes(lab.reasons.get("failed/a.torrent")!, "No torrent file");
});

Deno.test("watch: a torrent that is there already is put aside too", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film"), "b.torrent": torrentOf("film") });
  await lab.pass(SOON);
  assertEquals(lab.said, ["/in/a.torrent added", "/in/b.torrent duplicate"]);
  assertEquals(lab.files.size, 0);
});

Deno.test("watch: with trashTorrents added files are deleted, bad ones are not", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film"), "b.torrent": "x" });
  lab.trash = true;
  await lab.pass(DOUBT_MS + POLL_MS);
  assertEquals([...lab.reasons.keys()], ["failed/b.torrent"]);
  assertEquals(lab.files.size, 0);
});

Deno.test("watch: the folder in the folder is the torrent's label", async () => {
  const lab = await Lab.start({ "linux/a.torrent": torrentOf("film") });
  await lab.pass(SOON);
  assertEquals(lab.added[0]!.settings, { labels: ["linux"] });
});

Deno.test("watch: links and pipes are left alone and named once, the first few of many", async () => {
  const lab = await Lab.start();
  lab.write("l.torrent", "", { kind: "link" });
  lab.write("p.torrent", "", { kind: "other" });
  await lab.pass(10 * LIST_MS);
  assertEquals(lab.said, [
    "/in/l.torrent left: links are not followed",
    "/in/p.torrent left: it is no plain file",
  ]);
  for (let i = 0; i < 100; i++) lab.write(`${i}.torrent`, "", { kind: "link" });
  await lab.pass(10 * LIST_MS);
  assertEquals(lab.said.length, 8);
  assertEquals(lab.said.at(-1), "Watched folder /in: 95 more files are left alone");
});

Deno.test("watch: what a torrent has written is not added", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film") });
  lab.owned = ["a.torrent"];
  await lab.pass(10 * LIST_MS);
  assertEquals(lab.said, ["/in/a.torrent left: a torrent has written it"]);
  assertEquals(lab.added, []);
});

Deno.test("watch: a file that cannot be moved stays, is said once, and is not read again", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film"), "b.torrent": "x" });
  lab.stuck = new StorageError("permission", "/in", "No permission: /in");
  await lab.pass(100 * LIST_MS);
  assertEquals(lab.added.length, 1);
  assertEquals(lab.said.length, 2);
  assertEquals(lab.said[0], "/in/a.torrent added: it stays where it is: No permission: /in");
  lab.write("a.torrent", torrentOf("another"));
  await lab.pass(LIST_MS + SOON);
  assertEquals(lab.added.length, 2);
});

Deno.test("watch: a good file waits out a trouble that is not its own", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film") });
  lab.refusal = new StorageError("disk-full", "/srv", "Disk full: /srv");
  await lab.pass(10 * AGAIN_MS);
  assertEquals(lab.said, ["/in/a.torrent left: Disk full: /srv; tried again every minute"]);
  lab.refusal = null;
  await lab.pass(AGAIN_MS + POLL_MS);
  assertEquals(lab.said.at(-1), "/in/a.torrent added");
});

Deno.test("watch: a file that goes before it is read is nobody's business", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film") });
  const entries = await lab.list();
  lab.files.clear();
  lab.list = () => Promise.resolve(entries);
  await lab.pass(SOON + POLL_MS);
  assertEquals([lab.said, lab.added], [[], []]);
});

Deno.test("watch: a folder that goes is said once, and so is its coming back", async () => {
  const lab = await Lab.start();
  lab.fault = new StorageError("missing", "/in", "Not found: /in");
  await lab.pass(100 * POLL_MS);
  lab.fault = null;
  lab.write("a.torrent", torrentOf("film"));
  await lab.pass(SOON + POLL_MS);
  assertEquals(
    lab.said,
    [
      "Watched folder /in: Not found: /in",
      "Watched folder /in: Can be used again",
      "/in/a.torrent added",
    ],
  );
});

Deno.test("watch: names are not read while the folder is unchanged, but twice a minute", async () => {
  const lab = await Lab.start();
  await lab.pass(3 * POLL_MS);
  const before = lab.lists;
  await lab.pass(10 * LIST_MS);
  assertEquals(lab.lists - before, 10);
  // on a file system that does not tell
  lab.keepsTime = false;
  await lab.pass(3 * POLL_MS);
  lab.write("a.torrent", torrentOf("film"));
  await lab.pass(LIST_MS + SOON);
  assertEquals(lab.said, ["/in/a.torrent added"]);
});

Deno.test("watch: a change right after the names were read is not missed where time is coarse", async () => {
  const lab = await Lab.start();
  lab.write("first.txt.torrent", "", { kind: "link" });
  await lab.pass(POLL_MS);
  // in the same tick of the folder's time
  lab.stamp = () => Promise.resolve("first.txt.torrent");
  lab.write("a.torrent", torrentOf("film"));
  await lab.pass(POLL_MS + SOON);
  assertEquals(lab.said.at(-1), "/in/a.torrent added");
});

Deno.test("watch: stopped, it looks no more", async () => {
  const lab = await Lab.start({ "a.torrent": torrentOf("film") });
  lab.watch.stop();
  await lab.pass(10 * LIST_MS);
  assertEquals([lab.lists, lab.said], [1, []]);
});

Deno.test("watch: names of interest", () => {
  const yes = ["a.torrent", "A.TORRENT", "a.magnet", "a b\n.torrent"];
  const no = ["a.torrent.part", "torrent", ".torrent", "a.torrent.added", "a.txt", "a.torrents"];
  assertEquals(yes.filter(isWatched), yes);
  assertEquals(no.filter(isWatched), []);
});
