import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Bytes, concat, equalBytes } from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";
import { FOLDER } from "../metainfo/v2_torrents.ts";
import { labV2, VERSIONS } from "./v2_lab.ts";
import { WebServer } from "./web_server.ts";

const KIB = 1024;

/** Downloads `torrent` from web servers alone. */
async function fromWeb(torrent: LabTorrent, ...servers: readonly WebServer[]): Promise<Client> {
  using target = new Folder();
  await using client = await Client.start(target);
  await client.add(torrent, { webseeds: servers.map(({ url }) => url) });
  await client.heard("finished");
  target.assertHolds(torrent);
  return client;
}

Deno.test("a torrent with nothing but a webseed completes, and is asked for in few ranges", async () => {
  const torrent = await labTorrent("one.bin", [["", 3_000_001]], 64 * KIB);
  await using server = new WebServer(torrent);
  const client = await fromWeb(torrent, server);
  const done = await client.heard("done");
  assertEquals([done.size, done.downloaded], [3_000_001, 3_000_001]);
  assert(server.requests.length <= 4, `Expected few requests, got ${server.requests.length}`);
  assertEquals(client.all("webseed").map(({ action }) => action), ["serves"]);
});

Deno.test("a folder with empty files, padding and odd names comes from a webseed", async () => {
  const torrent = await labTorrent("fo lder", [
    ["empty", 0],
    ["a/one & only?#.txt", 100 * KIB + 1],
    [".pad/1", 28 * KIB - 1, "pad"],
    ["b/c/zwölf %41", 5],
    ["b/also empty", 0],
    [".pad/2", 32 * KIB - 5, "pad"],
    ["three", 70_000],
  ], 32 * KIB);
  await using server = new WebServer(torrent);
  await fromWeb(torrent, server);
  assert(server.requests.every(({ path }) => !path.includes("pad")));
});

Deno.test("a webseed without ranges serves a file and a folder", async () => {
  for (const files of [[["", 900_000]], [["a", 300_000], ["b", 7], ["c/d", 250_000]]] as const) {
    const torrent = await labTorrent("whole", files, 64 * KIB);
    await using server = new WebServer(torrent, undefined, false);
    const client = await fromWeb(torrent, server);
    assertStringIncludes(JSON.stringify(client.all("webseed")), "serves");
  }
});

for (const version of VERSIONS) {
  for (const ranges of [true, false]) {
    Deno.test(`${version}: a folder comes from a webseed ${ranges ? "with" : "without"} ranges`, async () => {
      const torrent = await labV2("folder", FOLDER, version);
      await using server = new WebServer(torrent, undefined, ranges);
      await fromWeb(torrent, server);
      for (const { range } of server.requests) {
        const [from, last] = (range ?? "bytes=0-0").slice(6).split("-").map(Number);
        assert(from! <= last!, `Expected bytes in ${range}`);
      }
    });
  }
}

Deno.test("a webseed that answers 404 for one file gives the others, and a peer that one", async () => {
  const torrent = await labTorrent(
    "parts",
    [["a", 200_000], ["b", 200_000], ["c", 200_000]],
    32 * KIB,
  );
  await using server = new WebServer(
    torrent,
    ({ path }) => path.endsWith("/b") ? new Response("no", { status: 404 }) : null,
  );
  using source = new Folder();
  using target = new Folder();
  await using client = await Client.start(target);
  await client.add(torrent, { webseeds: [server.url] });
  const failed = await client.heard("webseed", ({ action }) => action === "failed");
  assertStringIncludes(failed.message!, "404");
  await client.heard("piece", () => client.all("piece").length >= 12);
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  await client.add(torrent);
  await client.stop();
  await using again = await Client.start(target);
  await again.add(torrent, { peers: [seeder.address] });
  const { downloaded } = await again.heard("done");
  assert(downloaded < 300_000, `Expected the rest alone, got ${downloaded}`);
  target.assertHolds(torrent);
});

Deno.test("a webseed with wrong bytes is sent away, the other one gives everything", async () => {
  const torrent = await labTorrent("wrong.bin", [["", 1_500_000]], 64 * KIB);
  await using liar = new WebServer(torrent, ({ range }) => {
    const [from, last] = range!.slice(6).split("-").map(Number);
    return new Response(new Uint8Array(last! - from! + 1), {
      status: 206,
      headers: { "content-range": `bytes ${from}-${last}/1500000` },
    });
  });
  await using good = new WebServer(torrent);
  const client = await fromWeb(torrent, liar, good);
  const banned = await client.heard("webseed", ({ action }) => action === "banned");
  assertEquals(banned.url, liar.url);
  assertStringIncludes(banned.message!, "Sent bad data for piece");
});

Deno.test("a webseed that asks to come later is asked later", async () => {
  const torrent = await labTorrent("later.bin", [["", 300_000]], 32 * KIB);
  await using server = new WebServer(
    torrent,
    ({ count }) =>
      count > 0 ? null : new Response("busy", { status: 503, headers: { "retry-after": "1" } }),
  );
  const client = await fromWeb(torrent, server);
  const failed = await client.heard("webseed", ({ action }) => action === "failed");
  assertEquals(failed.next, 2);
});

Deno.test("a webseed on a local address is asked only when the user names it", async () => {
  const plain = await labTorrent("local.bin", [["", 100_000]], 32 * KIB);
  await using server = new WebServer(plain);
  const torrent = { ...plain, bytes: withWebseeds(plain.bytes, [server.url]) };
  using target = new Folder();
  await using client = await Client.start(target);
  await client.add(torrent);
  const { action, message } = await client.heard("webseed");
  assertEquals([action, message], ["failed", "127.0.0.1 is a local address"]);
  assertEquals(server.requests.length, 0);
  await client.stop();
  await fromWeb(torrent, server);
});

Deno.test("--no-webseed: those that a torrent names are not asked, those that the user names are", async () => {
  const plain = await labTorrent("none.bin", [["", 100_000]], 32 * KIB);
  await using server = new WebServer(plain);
  const torrent = { ...plain, bytes: withWebseeds(plain.bytes, ["http://192.0.2.1/none.bin"]) };
  using target = new Folder();
  await using client = await Client.start(target, { webseeds: false });
  await client.add(torrent, { webseeds: [server.url] });
  await client.heard("finished");
  assertEquals(client.all("webseed").map(({ url }) => url), [server.url]);
});

Deno.test("a webseed and a peer together give everything, under a limit no faster", async () => {
  const torrent = await labTorrent("both.bin", [["", 3_000_000]], 64 * KIB);
  await using server = new WebServer(torrent);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  await using client = await Client.start(target);
  await client.add(torrent, {
    webseeds: [server.url],
    peers: [seeder.address],
    downloadLimit: 1_000_000,
  });
  const { seconds } = await client.heard("done");
  target.assertHolds(torrent);
  assert(seconds > 2.5, `Expected about 3 s, got ${seconds}`);
  const fromPeer = seeder.all("progress").at(-1)!.uploaded;
  assert(fromPeer < 3_000_000, "Expected the webseed to give something");
});

Deno.test("a stream comes from a webseed in order", async () => {
  const torrent = await labTorrent("stream.bin", [["", 2_000_000]], 64 * KIB);
  await using server = new WebServer(torrent);
  const chunks: Bytes[] = [];
  await using client = await Client.stream({
    write(chunk) {
      chunks.push(chunk.slice());
      return Promise.resolve(chunk);
    },
  });
  await client.add(torrent, { webseeds: [server.url] });
  await client.heard("finished");
  assertEquals(equalBytes(concat(...chunks), torrent.data), true);
});

/** The torrent with `url-list`, which is sorted behind `info`. */
function withWebseeds(torrent: Bytes, urls: readonly string[]): Bytes {
  const list = encode({ "url-list": urls });
  return concat(torrent.subarray(0, -1), list.subarray(1));
}
