/** Web servers in place of peers (BEP 19), with the binary. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Answer, WebServer } from "../loopback/web_server.ts";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise, type TestTorrent } from "./harness/torrent.ts";

const QUICK = ["--listen-port", "0", "--no-dht", "--stall-timeout", "10"];

function serve(torrent: TestTorrent, answer?: Answer, ranges = true): WebServer {
  const files = torrent.files.map(([path, data]) => ({
    path: [torrent.name, ...path].join("/"),
    data,
  }));
  return new WebServer({ files }, answer, ranges);
}

const album = () =>
  makeTorrent({
    name: "al bum",
    content: [
      [["one #1.bin"], noise(300_000, 1)],
      [["empty.txt"], noise(0, 1)],
      [["deep", "er", "två.bin"], noise(170_001, 2)],
    ],
  });

Deno.test("get of a torrent with nothing but a webseed completes and exits 0", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 2_000_000 });
  await using web = serve(torrent);
  const path = await scene.torrent(torrent);
  const result = await scene.run(["get", path, "--webseed", web.url, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(result.stderr, "");
  assertPlain(result);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("get takes a folder from a webseed, with and without ranges", async () => {
  const torrent = await album();
  for (const ranges of [true, false]) {
    await using scene = await Scene.open();
    await using web = serve(torrent, undefined, ranges);
    const path = await scene.torrent(torrent);
    const result = await scene.run(["get", path, "--webseed", web.url, ...QUICK, "-v"]);
    assertEquals(result.code, 0, result.stderr);
    assertStringIncludes(result.stderr, `Web server ${web.url} serves`);
    for (const [parts, bytes] of torrent.files) {
      const at = scene.path(["downloads/al bum", ...parts].join("/"));
      assertEquals(await Deno.readFile(at), bytes);
    }
  }
});

Deno.test("create -w names a webseed, which get does not ask on a local address unless it is named", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 500_000 });
  await scene.data(torrent, "source");
  await using web = serve(torrent);
  const made = await scene.run(["create", "source/sample", "-o", "made.torrent", "-w", web.url]);
  assertEquals(made.code, 0, made.stderr);
  const get = ["get", "made.torrent", "--listen-port", "0", "--no-dht", "--stall-timeout", "2"];
  const refused = await scene.run(get);
  assertFailure(refused, 2, "the web server 127.0.0.1");
  assertStringIncludes(refused.stderr, "127.0.0.1 is a local address");
  assertEquals(web.requests.length, 0);
  const named = await scene.run([...get, "--webseed", web.url]);
  assertEquals(named.code, 0, named.stderr);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("a webseed that does not have it, or has something else, ends in exit 2 and why", async () => {
  const torrent = await makeTorrent({ content: 500_000 });
  const cases: [Answer, string, string][] = [
    [() => new Response("no", { status: 404 }), "webseed-missing", "does not have it"],
    [() => new Response("no", { status: 503 }), "webseed-busy", "asks us to come later"],
    [() => new Response("no"), "webseed-wrong-size", "has a file of another length"],
    [
      ({ range }) => {
        const [from, last] = range!.slice(6).split("-").map(Number);
        return new Response(new Uint8Array(last! - from! + 1), {
          status: 206,
          headers: { "content-range": `bytes ${from}-${last}/500000` },
        });
      },
      "webseed-wrong-data",
      "sent wrong data and is asked no more",
    ],
  ];
  await Promise.all(cases.map(async ([answer, cause, text]) => {
    await using scene = await Scene.open();
    await using web = serve(torrent, answer);
    const path = await scene.torrent(torrent);
    const get = ["get", path, "--listen-port", "0", "--no-dht", "--stall-timeout", "3"];
    const json = scene.start([...get, "--webseed", web.url, "--json"]);
    const { code } = await json.end();
    assertEquals(code, 2);
    const events = json.events();
    const error = events.find(({ type }) => type === "error")!;
    const { causes, webseeds } = error["waiting"] as {
      causes: { cause: string; text: string }[];
      webseeds: { url: string; message: string }[];
    };
    assertEquals(causes[0]!.cause, cause);
    assertMatch(causes[0]!.text, /^the web server 127\.0\.0\.1:\d+ /);
    assertStringIncludes(causes[0]!.text, text);
    assertEquals(webseeds[0]!.url, web.url);
    assert(events.some(({ type, action }) => type === "webseed" && action !== "serves"));
  }));
});

Deno.test("a download from a webseed that is killed goes on where it was", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 4_000_000 });
  await using web = serve(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--webseed", web.url, ...QUICK, "--json"];
  const first = scene.start([...get, "--limit-rate", "1M"]);
  await first.event("piece", (event) => Number(event["done"]) > 1_500_000);
  first.signal("SIGTERM");
  assertEquals((await first.end()).code, 7);
  const second = scene.start(get);
  assertEquals((await second.end()).code, 0);
  const done = second.events().find(({ type }) => type === "done")!;
  assert(Number(done["downloaded"]) < 3_000_000, `Expected the rest, got ${done["downloaded"]}`);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});
