import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { assertFailure } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import type { Tm } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";

const ALONE = ["--listen-port", "0", "--no-dht", "--no-lsd", "--json"];
const SESSION = "X-Transmission-Session-Id";

/** A daemon with a port of its own, and calls of it as any client makes them. */
class Daemon {
  #session = "";

  private constructor(readonly tm: Tm, readonly place: string) {}

  static async start(scene: Scene, ...args: string[]): Promise<Daemon> {
    const tm = scene.start(["daemon", "--rpc", "127.0.0.1:0", ...ALONE, ...args]);
    return new Daemon(tm, String((await tm.event("ready"))["place"]));
  }

  /** The arguments of the answer. */
  async call(method: string, args: object = {}): Promise<Record<string, unknown>> {
    for (let tries = 0; tries < 2; tries++) {
      const response = await fetch(new URL("/transmission/rpc", this.place), {
        method: "POST",
        headers: { [SESSION]: this.#session },
        body: JSON.stringify({ method, arguments: args }),
      });
      this.#session = response.headers.get(SESSION) ?? this.#session;
      const text = await response.text();
      if (response.status === 409) continue;
      const answer = JSON.parse(text);
      assertEquals(answer.result, "success", `${method}: ${text}`);
      return answer.arguments;
    }
    throw new Error("Expected to be let in");
  }

  async torrents(...fields: string[]): Promise<Record<string, unknown>[]> {
    const { torrents } = await this.call("torrent-get", { fields });
    return torrents as Record<string, unknown>[];
  }

  /** The torrents once they are as `fits` wants them; only a test that fails waits so long. */
  async until(
    fits: (torrents: Record<string, unknown>[]) => boolean,
    ...fields: string[]
  ): Promise<void> {
    const end = performance.now() + 40_000;
    for (;;) {
      const torrents = await this.torrents(...fields);
      if (fits(torrents)) return;
      if (performance.now() > end) throw new Error(`They stayed as ${JSON.stringify(torrents)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const KEPT = [
  "id",
  "hashString",
  "name",
  "labels",
  "downloadDir",
  "queuePosition",
  "downloadLimit",
  "downloadLimited",
  "bandwidthPriority",
  "status",
  "percentDone",
  "addedDate",
  "seedRatioMode",
  "seedRatioLimit",
  "trackers",
  "files",
];

Deno.test("after kill -9, and after SIGTERM, everything is as it was", async () => {
  await using scene = await Scene.open();
  const a = await makeTorrent({ name: "a", content: 300_000 });
  const b = await makeTorrent({ name: "b", content: 200_000, seed: 2 });
  const c = await makeTorrent({ name: "c", content: 100_000, seed: 3 });
  await scene.data(a, "dl");
  await scene.data(b, "dl");
  await scene.write("dl/mine", "a user's");
  let daemon = await Daemon.start(scene, "-d", "dl");
  for (const torrent of [a, b, c]) {
    await daemon.call("torrent-add", { metainfo: Buffer.from(torrent.bytes).toString("base64") });
  }
  await daemon.until((all) => all.filter((one) => one["percentDone"] === 1).length === 2, ...KEPT);
  await daemon.call("torrent-set", {
    ids: [1],
    labels: ["x", "y"],
    downloadLimit: 77,
    downloadLimited: true,
    bandwidthPriority: 1,
    seedRatioMode: 1,
    seedRatioLimit: 3.5,
    trackerAdd: ["http://127.0.0.1:9/announce"],
  });
  await daemon.call("torrent-stop", { ids: [3] });
  await daemon.call("torrent-set-location", {
    ids: [2],
    location: `${scene.path("dl")}/new`,
    move: true,
  });
  await daemon.call("torrent-rename-path", { ids: [1], path: "a", name: "renamed" });
  await daemon.call("queue-move-top", { ids: [2] });
  await daemon.call("session-set", { "alt-speed-down": 123, "seed-queue-size": 4 });
  await daemon.until((all) => all.filter((one) => one["status"] === 6).length === 2, ...KEPT);
  const before = [await daemon.torrents(...KEPT), await daemon.call("session-get")];
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    daemon.tm.signal(signal);
    const { code } = await daemon.tm.end(10);
    assertEquals(code, signal === "SIGKILL" ? 137 : 0, daemon.tm.describe());
    daemon = await Daemon.start(scene, "-d", "dl");
    await daemon.until((all) => all.filter((one) => one["status"] === 6).length === 2, ...KEPT);
    const [torrents, session] = before;
    assertEquals(await daemon.torrents(...KEPT), torrents, signal);
    const now = await daemon.call("session-get");
    for (const key of ["alt-speed-down", "seed-queue-size", "download-dir"]) {
      assertEquals(now[key], (session as Record<string, unknown>)[key], key);
    }
    assertEquals(await scene.tree("dl"), ["mine", "new/", "new/b", "renamed"]);
  }
  await daemon.call("torrent-remove", { ids: [1, 2, 3], "delete-local-data": true });
  assertEquals(await scene.tree("dl"), ["mine"]);
  daemon.tm.signal("SIGKILL");
  await daemon.tm.end(10);
  daemon = await Daemon.start(scene, "-d", "dl");
  assertEquals(await daemon.torrents("id"), []);
});

Deno.test("one folder has one daemon, and one port too: 12, and what to do", async () => {
  await using scene = await Scene.open();
  const daemon = await Daemon.start(scene, "-d", "dl");
  const second = await scene.run(["daemon", "-d", "dl", "--rpc", "127.0.0.1:0"]);
  assertFailure(second, 12, "Another manager works in this folder");
  const { host } = new URL(daemon.place);
  const other = await scene.run(["daemon", "-d", "other", "--rpc", host]);
  assertFailure(other, other.code, `${host} is in use`);
  assert(other.code !== 0);
  assertEquals(await daemon.torrents("id"), []);
});

Deno.test("a damaged database is kept aside, said loudly, and its torrents are taken back", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ name: "a", content: 300_000 });
  await scene.data(torrent, "dl");
  const first = await Daemon.start(scene, "-d", "dl");
  await first.call("torrent-add", {
    metainfo: Buffer.from(torrent.bytes).toString("base64"),
    labels: ["x"],
  });
  await first.until((all) => all.every((one) => one["status"] === 6), "status");
  first.tm.signal("SIGKILL");
  await first.tm.end(10);
  for (const name of ["manager.db", "manager.db-wal"]) {
    await scene.write(`dl/.tm/${name}`, "this is no database ".repeat(1000));
  }
  const second = await Daemon.start(scene, "-d", "dl");
  const warnings = second.tm.events().filter(({ type }) => type === "warning");
  const told = warnings.map((event) => String(event["message"])).join("\n");
  assertMatch(told, /Cannot read .*manager\.db, moved it to .*manager\.db\.corrupt-1/);
  assertStringIncludes(told, "Took back 1 torrents");
  await second.until((all) => all.length === 1 && all[0]!["status"] === 6, "status", "hashString");
  assertStringIncludes(
    await Deno.readTextFile(scene.path("dl/.tm/manager.db.corrupt-1")),
    "this is no database",
  );
  assertEquals(await Deno.readFile(scene.path("dl/a")), torrent.payload);
});

Deno.test("a full disk holds up the torrent that needs it, others go on, and it goes on by itself", async () => {
  await using scene = await Scene.open();
  const large = await makeTorrent({ name: "large", content: 9_000_000 });
  const small = await makeTorrent({ name: "small", content: 500_000, seed: 2 });
  await scene.data(large, "seeds");
  await scene.data(small, "seeds");
  const disk = await scene.mount("disk", "6m");
  const daemon = await Daemon.start(scene, "-d", disk, "--reserve", "0");
  for (const torrent of [large, small]) {
    const path = await scene.torrent(torrent, `${torrent.name}.torrent`);
    const address = await scene.seed(path, "seeds");
    const filename = `magnet:?xt=urn:btih:${torrent.id}&dn=${torrent.name}&x.pe=${address}`;
    await daemon.call("torrent-add", { filename });
  }
  const fields = ["name", "error", "errorString", "percentDone"];
  const find = (all: Record<string, unknown>[], name: string) =>
    all.find((one) => one["name"] === name)!;
  await daemon.until(
    (all) => find(all, "large")["error"] === 3 && find(all, "small")["percentDone"] === 1,
    ...fields,
  );
  const [held] = await daemon.torrents(...fields);
  assertMatch(String(held!["errorString"]), /space|full/i);
  await scene.remount(disk, "size=20m");
  await daemon.until((all) => find(all, "large")["percentDone"] === 1, ...fields);
  assertEquals(find(await daemon.torrents(...fields), "large")["error"], 0);
  assertEquals(await Deno.readFile(`${disk}/large`), large.payload);
});
