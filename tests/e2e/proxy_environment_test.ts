/** What the environment says of proxies leads the binary nowhere: what goes through one is what `--proxy` says. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Scene } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

/** Where nobody listens: port 1 is none of those the system gives away. */
const NOBODY = "http://127.0.0.1:1";
const BY_NOBODY = { HTTP_PROXY: NOBODY, http_proxy: NOBODY, ALL_PROXY: NOBODY };
const BESIDE = { NO_PROXY: "*,127.0.0.1", no_proxy: "*,127.0.0.1" };

/** A server of one torrent; every request there is in `asked`, by its whole URL where it came as to a proxy. */
function serve(bytes: Uint8Array<ArrayBuffer>) {
  const asked: string[] = [];
  const listen = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(listen, ({ url }) => {
    asked.push(url);
    return new Response(bytes);
  });
  return {
    asked,
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("NO_PROXY leads nothing beside --proxy", async () => {
  await using scene = await Scene.open();
  await using proxy = serve((await makeTorrent({ content: 1000, name: "proxied" })).bytes);
  await using origin = serve((await makeTorrent({ content: 1000, name: "direct" })).bytes);
  const url = `${origin.url}/a.torrent`;
  const info = ["info", url, "--proxy", proxy.url];
  const { code, stdout, stderr } = await scene.run(info, { env: BESIDE });
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "proxied");
  assertEquals([origin.asked.length, proxy.asked.length], [0, 1]);
});

Deno.test("nor does it in the engine's thread, for trackers and web servers", async () => {
  await using scene = await Scene.open();
  await using proxy = serve(new TextEncoder().encode("d8:intervali60e5:peers0:e"));
  await using origin = serve(new Uint8Array(0));

  const torrent = await makeTorrent({ content: 100_000, trackers: [`${origin.url}/announce`] });
  const path = await scene.torrent(torrent);
  const tm = scene.start([
    ...["get", path, "--json", "--no-dht", "--proxy", proxy.url, "--webseed", `${origin.url}/s`],
  ], { env: { ...BESIDE, ...BY_NOBODY } });
  await tm.event("tracker");
  await tm.event("webseed");
  await tm.kill();
  assertEquals(origin.asked, []);
  const paths = new Set(proxy.asked.map((url) => new URL(url).pathname));
  assertEquals([...paths].toSorted(), ["/announce", "/s"]);
});

Deno.test("a proxy that the environment alone names is not used, and tm says so", async () => {
  await using scene = await Scene.open();
  await using origin = serve((await makeTorrent({ content: 1000 })).bytes);
  const info = ["info", `${origin.url}/a.torrent`];
  const { code, stderr } = await scene.run(info, { env: BY_NOBODY });
  assertEquals([code, stderr], [
    0,
    "ALL_PROXY in the environment is not followed: name a proxy with --proxy\n",
  ]);
  assertEquals(origin.asked.length, 1);
});

Deno.test("a manager is reached whatever the environment says of proxies", async () => {
  await using scene = await Scene.open();
  const socket = scene.path("tm.sock");
  const daemon = (...rpc: string[]) =>
    scene.start(["daemon", "--json", "--listen-port", "0", "--no-dht", "--no-lsd", ...rpc]);
  const local = daemon("--rpc", "127.0.0.1:0", "-d", "one");
  const place = new URL(String((await local.event("ready"))["place"])).host;
  // to the runtime a Unix socket is a proxy to localhost
  await daemon("--rpc", `unix:${socket}`, "-d", "two").event("ready");
  for (const env of [BY_NOBODY, { NO_PROXY: "localhost,127.0.0.1" }]) {
    for (const host of [place, `unix:${socket}`]) {
      const { code, stderr } = await scene.run(["list", "--host", host], { env });
      assertEquals([code, stderr], [0, ""], host);
    }
  }
});
