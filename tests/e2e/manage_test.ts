import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertFailure } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

const ALONE = ["--listen-port", "0", "--no-dht", "--no-lsd", "--json"];

Deno.test("commands drive tm daemon through a Unix socket with a password, which nothing prints", async () => {
  await using scene = await Scene.open();
  const content = [[["a.bin"], noise(100_000, 1)], [["b.txt"], noise(50_000, 2)]] as const;
  const torrent = await makeTorrent({ name: "show", content });
  const path = await scene.torrent(torrent);
  await scene.write("auth", "me:secret\n");
  const place = ["--rpc", `unix:${scene.path("tm.sock")}`, "--rpc-auth-file", "auth"];
  const daemon = scene.start(["daemon", "-d", "data", ...place, ...ALONE]);
  await daemon.event("ready");
  const at = ["--host", `unix:${scene.path("tm.sock")}`];
  const said: string[] = [];
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await scene.run([...args, ...at, "--auth-file", "auth"]);
    said.push(stdout, stderr);
    assertEquals([code, stderr], [0, ""], args.join(" "));
    return stdout;
  };
  assertEquals(await run("add", path, "--select-file", "*.txt", "--label", "x"), "Added 1 show\n");
  assertMatch(await run("list"), /^ 1 +0% .* x +show$/m);
  assertMatch(await run("files", "show"), /^ 1 .* off +show\/a\.bin$/m);
  await run("pause", "1");
  assertStringIncludes(await run("why", "1"), "1. it is paused\n     → tm resume 1");
  assertEquals(await run("remove", "1"), "Removed 1 show\n");
  assertEquals(await run("list"), "No torrents\n");
  assertFailure(await scene.run(["list", ...at]), 24, "wants a name and a password");
  assertFailure(await scene.run(["list", ...at, "-n", "me:guess"]), 24, "does not take this name");
  await run("session", "--shutdown");
  assertEquals((await daemon.end()).code, 0);
  assertFailure(await scene.run(["list", ...at, "-n", "me:secret"]), 6, "start one with tm daemon");
  assertEquals(said.join("").includes("secret"), false);
});
