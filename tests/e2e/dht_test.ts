/** Torrents without a tracker: found by the DHT alone, on this machine and nowhere else. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { equalBytes } from "../../src/base/mod.ts";
import { assertFailure } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import { Stream } from "./harness/stream.ts";
import { makeTorrent } from "./harness/torrent.ts";

/** A node that is not there: the DHT is on, and nobody in it. */
const NOBODY = "127.0.0.1:9";

Deno.test("get finds by the DHT what seed announced there, to disk and as a stream", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 3_000_000 });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "seed");
  const middle = await makeTorrent({ content: 1000, name: "middle" });
  await scene.data(middle, "middle");
  const node = await scene.seed(
    await scene.torrent(middle, "middle.torrent"),
    "middle",
    "--dht-node",
    NOBODY,
  );
  const seed = scene.start([
    ...["seed", path, "-d", "seed", "--json", "--listen-port", "0", "--dht-node", node],
  ]);
  await seed.event("dht", ({ announced }) => Number(announced) > 0);
  const get = [path, "--listen-port", "0", "--dht-node", node];
  const { code, stdout, stderr } = await scene.run(["get", ...get, "-d", "got", "-v"]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "saved to got/sample");
  assertStringIncludes(stderr, "DHT: 1 peer from ");
  assert(equalBytes(await Deno.readFile(scene.path("got/sample")), torrent.payload));

  await using stream = new Stream(get, scene.folder);
  assert(equalBytes(await stream.read(Infinity), torrent.payload));
  assertEquals((await stream.end()).code, 0);
});

Deno.test("a DHT in which nobody answers is told as the reason, and --no-dht is another one", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 1000 }));
  const get = ["get", path, "--listen-port", "0", "--stall-timeout", "3"];
  const [alone, without] = await Promise.all([
    scene.run([...get, "-d", "a", "--dht-node", NOBODY]),
    scene.run([...get, "-d", "b"]),
  ]);
  assertFailure(alone, 2, "No data for 3 s, waiting for peers: no node of the DHT answers");
  assertStringIncludes(alone.stderr, "--dht-node HOST:PORT");
  assertFailure(without, 2, "No data for 3 s, waiting for peers: the torrent names no tracker");
});

Deno.test("a private torrent is not looked for", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({
    content: 1000,
    change: (info) => ({ ...info, private: 1 }),
  });
  const tm = scene.start([
    ...["get", await scene.torrent(torrent), "--listen-port", "0", "--stall-timeout", "3"],
    ...["-d", "got", "--json", "--dht-node", NOBODY],
  ]);
  assertEquals((await tm.end()).code, 2);
  const waiting = await tm.events().findLast(({ type }) => type === "waiting")!;
  assertEquals(waiting["dht"], null);
  assertEquals(tm.events().filter(({ type }) => type === "dht"), []);
});

Deno.test("--dht-node wants a host and a port", async () => {
  await using scene = await Scene.open();
  for (const bad of ["nowhere", "1.2.3.4", "1.2.3.4:0", "1.2.3.4:99999"]) {
    const result = await scene.run(["get", "a.torrent", "--dht-node", bad]);
    assertFailure(result, 28, `Expected HOST:PORT or [IPV6]:PORT after --dht-node, got "${bad}"`);
  }
});
