import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatEndpoint } from "../../src/base/mod.ts";
import { parseMagnet, parseMetainfo } from "../../src/metainfo/mod.ts";
import type { CreateRequest } from "../../src/engine/mod.ts";
import { FakeEngine, idOf, objects, progress, torrentOf, until, World } from "./world.ts";

const TORRENT = torrentOf("photos");
const ID = await idOf(TORRENT);

/** A world in which `photos` is shared until it is interrupted; what happened is kept beside it. */
function sharing() {
  const world = new World();
  world.files.set("photos", new Uint8Array(1));
  world.interfaces = [{ name: "eth0", address: "192.168.1.5" }, {
    name: "eth0",
    address: "fd00::5",
  }];
  const asked: { request: CreateRequest | null; held: string[]; listens: unknown[] } = {
    request: null,
    held: [],
    listens: [],
  };
  world.create = (request) => {
    asked.request = request;
    return Promise.resolve({ torrent: TORRENT, skipped: [], hashedAt: 1234 });
  };
  world.tracker = (listen) => {
    asked.listens.push(listen);
    return Promise.resolve({
      url: "",
      udp: "",
      port: 6969,
      hold: (_, seeds) => asked.held.push(...seeds.map(formatEndpoint)),
      close: () => Promise.resolve(void world.log.push("tracker closed")),
    });
  };
  world.engine = new FakeEngine((engine, torrent) => {
    engine.emit({ type: "listening", port: 6881 });
    const size = 40_000;
    engine.emit({ type: "done", torrent, name: "photos", size, downloaded: 0, seconds: 0 });
    const some = { state: "seeding", uploaded: 20_480 } as const;
    engine.emit(progress(torrent, some));
    world.interrupt();
  });
  return { world, asked };
}

Deno.test("share prints a link with our addresses, seeds what was hashed, and ends with 0", async () => {
  const { world, asked } = sharing();
  assertEquals(await world.run("share", "photos"), 0);
  const [, link = ""] = /^tm get '(.*)'$/m.exec(world.stdout.text) ?? [];
  const { name, length, trackers, peers } = parseMagnet(link);
  assertEquals({ name, length, trackers, peers }, {
    name: "photos",
    length: 40_000,
    trackers: ["http://192.168.1.5:6969/announce", "http://[fd00::5]:6969/announce"],
    peers: ["192.168.1.5:6881", "[fd00::5]:6881"],
  });
  assertStringIncludes(world.stdout.text, "Sharing photos: 39.1 KiB, 1 file\n");
  assertStringIncludes(world.stdout.text, "must let in TCP ports 6881 and 6969 (tracker)");
  assertStringIncludes(world.stdout.text, "photos: 20.0 KiB sent\n");
  assert(
    world.stdout.text.split("\n").every((line) => line.length < 80 || line.includes("magnet")),
  );
  assertEquals(asked.held, ["192.168.1.5:6881", "[fd00::5]:6881"]);
  assertEquals(asked.listens, [{ hostname: "::", port: 6969, torrents: 0 }]);
  assertEquals([asked.request?.safeNames, asked.request?.trackers], [true, []]);
  assertEquals(world.engine.options.served, "/home/user/photos");
  assertEquals(world.engine.permissions, {
    read: ["/home/user/photos"],
    write: [],
    net: true,
    sys: [],
  });
  const { options } = world.engine.added[0]!;
  assertEquals([options.seedOnly, options.hashedAt, options.name], [true, 1234, "photos"]);
  assertEquals(world.log, ["ask for addresses", "start", "revoke", "tracker closed"]);
  assertEquals(world.signalHandlers, 0);
});

Deno.test("share -q prints the link alone, --json an event with it", async () => {
  const quiet = sharing().world;
  assertEquals(await quiet.run("share", "photos", "-q"), 0);
  assertEquals(quiet.stdout.text.trim().split("\n").length, 1);
  const link = parseMagnet(quiet.stdout.text);
  assertEquals(link.peers[0], "192.168.1.5:6881");
  const json = sharing().world;
  assertEquals(await json.run("share", "photos", "--json"), 0);
  const event = objects(json.stdout.text).find(({ type }) => type === "shared");
  assertEquals(event, {
    type: "shared",
    torrent: ID,
    magnet: quiet.stdout.text.trim(),
    name: "photos",
    size: 40_000,
    files: 1,
    hosts: ["192.168.1.5", "fd00::5"],
    port: 6881,
    trackerPort: 6969,
  });
});

Deno.test("share on a terminal shows a code, not with --no-qr nor where it is too narrow", async () => {
  for (
    const [columns, options, expected] of [[80, [], true], [80, ["--no-qr"], false], [
      40,
      [],
      false,
    ]] as const
  ) {
    const { world } = sharing();
    world.onTerminal();
    world.columns = columns;
    assertEquals(await world.run("share", "photos", ...options), 0);
    assertEquals(world.stdout.text.includes("▀"), expected, world.stdout.text);
    assertStringIncludes(world.stdout.text, "tm get 'magnet:?");
  }
});

Deno.test("share takes addresses by name, other trackers, no tracker, another name", async () => {
  const { world, asked } = sharing();
  const more = ["--address", "files.example.org", "--address", "[2A00::0:1]", "--no-tracker"];
  const url = "udp://tracker.example:1/announce";
  assertEquals(await world.run("share", "photos", "-q", ...more, "-a", url, "--name", "other"), 0);
  const { trackers, peers } = parseMagnet(world.stdout.text);
  assertEquals(trackers, [url]);
  assertEquals(peers, ["files.example.org:6881", "[2a00::1]:6881"]);
  assertEquals(asked.listens, []);
  assertEquals([asked.request?.name, asked.request?.trackers], ["other", [[url]]]);
  assert(!world.log.includes("ask for addresses"));
  for (const bad of ["1.2.3", "a b", "http://x", "x:1", "-x", ""]) {
    assertEquals(await world.run("share", "photos", `--address=${bad}`), 28);
  }
});

Deno.test("share --out writes the torrent with our tracker, and overwrites nothing", async () => {
  const { world } = sharing();
  assertEquals(await world.run("share", "photos", "-q", "-o", "photos.torrent"), 0);
  const written = world.files.get("photos.torrent");
  assert(written instanceof Uint8Array);
  const metainfo = await parseMetainfo(written);
  assertEquals(metainfo.trackers.flat()[0], "http://192.168.1.5:6969/announce");
  assertEquals(await idOf(written), ID);
  const again = sharing().world;
  again.files.set("photos.torrent", new Uint8Array(1));
  assertEquals(await again.run("share", "photos", "-o", "photos.torrent"), 13);
  assertEquals(again.log, []);
});

Deno.test("share goes to the next port when one is busy, and says when none is free", async () => {
  const { world, asked } = sharing();
  const free = world.tracker;
  world.tracker = (listen) =>
    listen.port < 6971 ? Promise.reject(new Deno.errors.AddrInUse("in use")) : free(listen);
  assertEquals(await world.run("share", "photos", "-q"), 0);
  assertEquals(asked.listens, [{ hostname: "::", port: 6971, torrents: 0 }]);
  const full = sharing().world;
  full.tracker = () => Promise.reject(new Deno.errors.AddrInUse("in use"));
  assertEquals(await full.run("share", "photos", "--tracker-port", "7000"), 1);
  assertStringIncludes(full.stderr.text, "Cannot run a tracker at port 7000");
});

Deno.test("share without a network says that only this machine is reached", async () => {
  const { world } = sharing();
  world.interfaces = [{ name: "lo", address: "127.0.0.1" }];
  assertEquals(await world.run("share", "photos"), 0);
  assertStringIncludes(world.stdout.text, "x.pe=127.0.0.1:6881");
  assertStringIncludes(world.stdout.text, "This works on this machine only");
});

Deno.test("share wants one path that is there; what fails closes the tracker", async () => {
  const { world } = sharing();
  assertEquals(await world.run("share"), 28);
  assertEquals(await world.run("share", "a", "b"), 28);
  assertEquals(await world.run("share", "missing"), 3);
  assertEquals(world.log, []);
  world.create = () => Promise.reject(new Error("It is empty"));
  assertEquals(await world.run("share", "photos"), 1);
  assertEquals(world.log.at(-1), "tracker closed");
  await until(() => world.signalHandlers === 0);
});
