import { assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { DaemonNews, REPEAT_MS } from "../../src/cli/daemon_news.ts";
import type { EngineEvent } from "../../src/session/mod.ts";
import type { WorkerPermissions } from "../../src/engine/mod.ts";
import { FakeManager } from "../control/fake_manager.ts";
import { World } from "./world.ts";

const HASHES = ["a", "b", "c"].map((letter) => letter.repeat(40));
const URL = "http://tracker.example/announce";

function tracker(torrent: string, message: string | null, ok = message === null): EngineEvent {
  const [seeders, leechers] = [null, null];
  return {
    type: "tracker",
    torrent,
    url: URL,
    ok,
    peers: 5,
    seeders,
    leechers,
    message,
    fault: ok ? null : "unreachable",
    next: 1800,
  };
}

function added(torrent: string, name: string): EngineEvent {
  const [size, files, pieces, pieceLength] = [1024, 1, 1, 16_384];
  return { type: "added", torrent, name, size, files, pieces, pieceLength, private: false };
}

function failed(torrent: string, message: string): EngineEvent {
  return { type: "error", torrent, reason: "locked", message, path: null, missing: null };
}

const waiting = (torrent: string) =>
  ({ type: "waiting", torrent, text: "waiting for peers" }) as unknown as EngineEvent;
const searched = (torrent: string): EngineEvent => ({
  type: "dht",
  torrent,
  nodes: 9,
  answered: 8,
  peers: 0,
  announced: 8,
  next: 900,
});

/** A `tm daemon` whose events a test makes; ended by {@linkcode Daemon.stop}. */
class Daemon {
  readonly world = new World();
  permissions: WorkerPermissions | null = null;
  emit: (event: EngineEvent) => void = () => {};
  #ready = Promise.withResolvers<void>();
  #run: Promise<number> = Promise.resolve(0);

  async start(...args: string[]): Promise<this> {
    this.world.files.set("./downloads", "folder").set("in", "folder");
    this.world.hosted = (_options, permissions, onEvent) => {
      this.permissions = permissions;
      this.emit = onEvent;
      return Promise.resolve({ manager: new FakeManager(), stop: () => Promise.resolve() });
    };
    this.world.control = () => {
      // what is said of being ready comes right after
      setTimeout(() => this.#ready.resolve(), 0);
      return Promise.resolve({
        place: "http://127.0.0.1:9091",
        port: 9091,
        close: () => Promise.resolve(),
      });
    };
    this.#run = this.world.run("daemon", ...args);
    await Promise.race([this.#ready.promise, this.#run]);
    return this;
  }

  async stop(): Promise<number> {
    this.world.interrupt();
    return await this.#run;
  }

  get lines(): string[] {
    return this.said("stdout").trimEnd().split("\n");
  }

  /** What was written of its log and, by the command line itself, before. */
  said(stream: "stdout" | "stderr"): string {
    const { text, bytes } = this.world[stream];
    return text + new TextDecoder().decode(bytes);
  }
}

/** An hour of three torrents: every tracker answers twice, searches go on, one torrent waits all the time. */
function hour(emit: (event: EngineEvent) => void, world: World): void {
  HASHES.forEach((hash, i) => emit(added(hash, `film ${i}`)));
  for (let minute = 0; minute < 60; minute++) {
    world.advance(60_000);
    emit(waiting(HASHES[0]!));
    if (minute % 5 === 0) { for (const hash of HASHES) emit(searched(hash)); }
    if (minute % 30 === 0) { for (const hash of HASHES) emit(tracker(hash, null)); }
  }
}

Deno.test("daemon: an hour with three torrents is a line for each and nothing else", async () => {
  const daemon = await new Daemon().start();
  hour(daemon.emit, daemon.world);
  assertEquals(await daemon.stop(), 0);
  const words = daemon.lines.map((line) => line.slice("2026-11-28 07:30:01 ".length));
  assertEquals(words, [
    "Ready: http://127.0.0.1:9091, folder /home/user/downloads",
    "film 0: 1.0 KiB, 1 file",
    "film 1: 1.0 KiB, 1 file",
    "film 2: 1.0 KiB, 1 file",
    "Stopping…",
  ]);
  assertEquals(daemon.said("stderr"), "");
});

Deno.test("daemon: as JSON the same, an object a line with the time; with -v everything", async () => {
  const quiet = await new Daemon().start("--json");
  hour(quiet.emit, quiet.world);
  await quiet.stop();
  const events = quiet.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assertEquals(events.map(({ type }) => type), ["ready", "added", "added", "added", "stopping"]);
  for (const { time } of events) assertEquals(new Date(String(time)).toJSON(), time);
  const verbose = await new Daemon().start("--json", "-v");
  hour(verbose.emit, verbose.world);
  await verbose.stop();
  assertEquals(verbose.lines.length, 5 + 1 + 60 + 12 * 3 + 2 * 3);
  assertEquals(quiet.said("stderr") + verbose.said("stderr"), "");
});

Deno.test("news: a tracker's trouble is told once however many torrents have it, and its end", () => {
  const news = new DaemonNews();
  const told = (now: number, message: string | null) =>
    HASHES.filter((hash) => news.isNews(tracker(hash, message), now)).length;
  assertEquals(told(0, null), 0);
  assertEquals(told(1000, "Connection refused"), 1);
  assertEquals(told(2000, "Connection refused"), 0);
  assertEquals(told(3000, "timed out"), 1);
  assertEquals(told(4000, null), 1);
  // it comes and goes: said again after six hours
  for (let at = 5000; at < 4000 + REPEAT_MS - 4000; at += 600_000) {
    assertEquals(told(at, "timed out") + told(at, null), 0);
  }
  assertEquals(told(4000 + REPEAT_MS, "timed out"), 1);
  assertEquals(told(4001 + REPEAT_MS, null), 1);
});

Deno.test("news: the same error of a torrent that is tried again and again is told once", () => {
  const news = new DaemonNews();
  const told = (torrent: string, message: string) => news.isNews(failed(torrent, message), 0);
  assertEquals([told("a", "x"), told("a", "x"), told("b", "x"), told("a", "y")], [
    true,
    false,
    true,
    true,
  ]);
});

Deno.test("news: what strangers say is not remembered without bound", () => {
  const news = new DaemonNews();
  for (let i = 0; i < 10_000; i++) assertEquals(news.isNews(tracker("a", `no ${i}`), i), true);
  // the oldest is forgotten
  assertEquals(news.isNews(tracker("a", "no 0"), 10_000), true);
  assertEquals(news.isNews(tracker("a", "no 9999"), 10_000), false);
});

Deno.test("daemon: a log that cannot be written ends nothing", async () => {
  for (const json of [[], ["--json"]]) {
    const daemon = await new Daemon().start(...json);
    daemon.world.stdout.closed = daemon.world.stderr.closed = true;
    daemon.emit(added(HASHES[0]!, "film"));
    daemon.emit(failed(HASHES[0]!, "locked"));
    assertEquals(await daemon.stop(), 0);
  }
});

Deno.test("daemon: a log that nobody reads holds nothing up and has bounds", async () => {
  const daemon = await new Daemon().start();
  const reader = Promise.withResolvers<void>();
  daemon.world.stdout.taken = reader.promise;
  for (let i = 0; i < 20_000; i++) {
    daemon.emit(added(i.toString(16).padStart(40, "0"), `film ${i}`));
  }
  const stopping = daemon.stop();
  reader.resolve();
  assertEquals(await stopping, 0);
  const { lines } = daemon;
  assertStringIncludes(lines[1]!, "film 0: 1.0 KiB");
  assertMatch(lines.at(-1)!, /^… \d+ lines were left out/);
  assertLess(daemon.said("stdout").length, 300_000);
});

Deno.test("daemon: watched folders are made, the engine may use them, and -v shows it", async () => {
  const daemon = await new Daemon().start("--watch", "in", "--watch", "new", "--watch", "in", "-v");
  const folders = ["downloads", "in", "new"].map((name) => `/home/user/${name}`);
  assertEquals(daemon.permissions?.write, folders);
  assertEquals(daemon.permissions?.read, folders);
  const path = "/in/evil\x1b[31m\n.torrent";
  const nothing = { torrent: null, name: null, message: null };
  daemon.emit({ ...nothing, type: "watched", path, outcome: "left", message: "why" });
  daemon.emit({ ...nothing, type: "watched", path, outcome: "failed", message: "no torrent" });
  daemon.emit({ ...nothing, type: "watched", path, outcome: "added", name: "film" });
  await daemon.stop();
  const [stdout, stderr] = [daemon.said("stdout"), daemon.said("stderr")];
  assertStringIncludes(stderr, "write /home/user/downloads, /home/user/in, /home/user/new");
  assertStringIncludes(stderr, "Not added: /in/evil .torrent: no torrent\n");
  assertStringIncludes(stdout, "Left alone: /in/evil .torrent: why\n");
  assertStringIncludes(stdout, "Added film from /in/evil .torrent\n");
});

for (
  const [what, folders, words] of [
    ["the download folder", ["./downloads"], "got --watch ./downloads: downloads go there"],
    ["tm's own folder", ["./downloads/.tm/in"], "downloads go there"],
    ["one in another", ["in", "in/deep"], "Expected folders apart"],
    ["too many", Array.from({ length: 33 }, (_, i) => `w${i}`), "at most 32 folders"],
  ] as const
) {
  Deno.test(`daemon: refuses to watch ${what} (28)`, async () => {
    const daemon = new Daemon();
    for (const folder of folders) daemon.world.files.set(folder, "folder");
    await daemon.start(...folders.flatMap((folder) => ["--watch", folder]));
    assertEquals(await daemon.stop(), 28);
    assertStringIncludes(daemon.world.stderr.text, words);
  });
}

Deno.test("daemon: tm-locked watches, and makes sockets, in ./downloads only (28)", async () => {
  for (const option of [["--watch", "in"], ["--rpc", "unix:in/tm.sock"]]) {
    const daemon = new Daemon();
    daemon.world.locked = true;
    await daemon.start(...option);
    assertEquals(await daemon.stop(), 28);
    assertStringIncludes(daemon.world.stderr.text, `got ${option[0]} ${option[1]}`);
    assertEquals(daemon.permissions, null);
  }
});
