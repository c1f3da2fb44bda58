import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

const BOUNDS = ["--listen-port", "0", "--stall-timeout", "3", "--connect-timeout", "2"];

Deno.test("a list outside the folder keeps a peer away, whoever named it", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const list = await scene.write("lists/bad.p2p", "# bad\nmachine:127.0.0.1-127.0.0.9\nwhat\n");
  const get = ["get", path, ...BOUNDS, "--peer", peer.address];
  const kept = await scene.run([...get, "--ip-filter", list]);
  assertFailure(kept, 2, "one address is kept away by --ip-filter");
  assertStringIncludes(kept.stderr, "1 line not understood and left out, the first is line 3");
  assertEquals(peer.pieces, []);

  const other = await scene.write("lists/other.p2p", "elsewhere:9.9.9.9-9.9.9.9\n");
  const helped = await scene.run([...get, "--ip-filter", other]);
  assertEquals(helped.code, 0, helped.stderr);
});

Deno.test("a list with nothing in it is refused before anything is done", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 1000 }));
  const list = await scene.write("empty", "# nothing\n");
  const result = await scene.run(["get", path, ...BOUNDS, "--ip-filter", list]);
  assertFailure(result, 28, "it has no addresses. Expected lines such as 1.2.3.0/24");
});
