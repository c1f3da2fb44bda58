import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertPlain } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

for (const signal of SIGNALS) {
  Deno.test(`${signal} stops a download gently: 7, the tracker is told, pieces are kept`, async () => {
    await using scene = await Scene.open();
    const tracker = scene.start(["tracker", "--listen", "127.0.0.1:0", "--json"]);
    const url = String((await tracker.event("listening"))["url"]);
    const torrent = await makeTorrent({ content: 4_000_000, trackers: [url] });
    await using peer = seeder(torrent);
    const path = await scene.torrent(torrent);
    const get = ["get", path, "--peer", peer.address, "--listen-port", "0"];
    const slow = scene.start([...get, "--json", "--max-download-limit", "300K"]);
    await slow.event("piece");
    await slow.event("tracker");
    slow.signal(signal);
    const stopped = await slow.end(8);
    assertEquals(stopped.code, 7);
    assertStringIncludes(stopped.stderr, "Stopping");
    const hash = [...torrent.infoHash].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
    const scrape = await fetch(`${url.replace("announce", "scrape")}?info_hash=${hash.join("")}`);
    assertStringIncludes(await scrape.text(), "10:incompletei0e");

    const got = new Set(
      slow.events().filter(({ type }) => type === "piece").map((e) => e["piece"]),
    );
    peer.pieces.length = 0;
    const rest = await scene.run(get);
    assertEquals(rest.code, 0, rest.stderr);
    assert(peer.pieces.every((piece) => !got.has(piece)), "Expected no piece twice");
    assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  });

  Deno.test(`a second ${signal} ends at once, also while a tracker is silent`, async () => {
    await using scene = await Scene.open();
    // It takes connections and never answers.
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${silent.addr.port}/announce`;
    const torrent = await makeTorrent({ content: 100_000, trackers: [url] });
    const path = await scene.torrent(torrent);
    const tm = scene.start(["get", path, "--listen-port", "0", "--json"]);
    await tm.event("progress");
    tm.signal(signal);
    await tm.until(() => tm.stderr.includes("Stopping"), "a note that it stops");
    tm.signal(signal);
    // The gentle way would give the tracker 3 s.
    assertEquals((await tm.end(2.5)).code, 7);
  });
}

Deno.test("a gentle stop waits only a few seconds for a silent tracker", async () => {
  await using scene = await Scene.open();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${silent.addr.port}/announce`;
  const path = await scene.torrent(await makeTorrent({ content: 100_000, trackers: [url] }));
  const tm = scene.start(["get", path, "--listen-port", "0", "--json"]);
  await tm.event("progress");
  tm.signal("SIGINT");
  assertEquals((await tm.end(8)).code, 7);
});

Deno.test("SIGINT while seeding a complete download exits 0", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const options = ["--json", "--listen-port", "0", "--seed-ratio", "0"];
  const tm = scene.start(["get", path, "--peer", peer.address, ...options]);
  await tm.event("done");
  tm.signal("SIGINT");
  assertEquals((await tm.end(8)).code, 0);
});

Deno.test("SIGINT of tm seed exits 0, during verify it does not exit 0", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "data");
  const seed = scene.start(["seed", path, "-d", "data", "--json", "--listen-port", "0"]);
  await seed.event("done");
  seed.signal("SIGINT");
  assertEquals((await seed.end(8)).code, 0);
  // A file with a terabyte of holes takes longer to hash than anybody waits.
  const large = await makeTorrent({
    content: 4,
    change: (info) => ({
      ...info,
      length: 2 ** 40,
      "piece length": 2 ** 28,
      pieces: new Uint8Array(20 * 4096),
    }),
  });
  await Deno.writeFile(scene.path("data/sample"), new Uint8Array(0));
  await Deno.truncate(scene.path("data/sample"), 2 ** 40);
  const verify = scene.start(["verify", await scene.torrent(large), "-d", "data", "--json"]);
  await verify.event("checking");
  verify.signal("SIGINT");
  const { code, stdout, stderr } = await verify.end(8);
  assertEquals(code, 7, stderr);
  assertPlain({ stdout, stderr });
});
