/** Magnet links whose metadata a web server has (`xs`), and servers that lie. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Bytes, concat, infoHash } from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { encodeMagnet, parseMagnet, parseMetainfo } from "../../src/metainfo/mod.ts";
import { TrackerServer } from "../../src/net/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";
import { type Answer, WebServer } from "./web_server.ts";

const TYPED = { typed: true };
const FILES = [["a", 70_000], ["b/c", 1], ["b/d", 200_000]] as const;

function serve(bytes: Bytes, answer?: Answer): WebServer {
  return new WebServer({ files: [{ path: "a.torrent", data: bytes }] }, answer);
}

function linkOf({ hash }: LabTorrent, sources: readonly string[], peers: readonly string[] = []) {
  return encodeMagnet({ infoHash: infoHash(hash), exactSources: sources, peers });
}

/** Nobody takes part in it: only the metadata is fetched. */
const alone = (seconds = 0) => ({ metadataTimeout: seconds, waitPatience: 0.2, listenPort: null });

Deno.test("a link with nothing but an exact source: its metadata, and the file's trackers and web seeds after the link's own", async () => {
  const torrent = await labTorrent("exact", FILES, 32_768);
  const { infoBytes } = await parseMetainfo(torrent.bytes);
  const rest = encode({
    announce: "http://127.0.0.1:1/announce",
    "announce-list": [["http://127.0.0.1:1/announce"], ["udp://127.0.0.1:2/announce"]],
    comment: "not the link's",
  });
  const seeds = encode({ "url-list": ["http://w.example/"] });
  const file = concat(rest.subarray(0, -1), encode("info"), infoBytes, seeds.subarray(1));
  await using web = serve(file);
  using folder = new Folder();
  await using client = await Client.start(folder, alone());
  const own = "&tr=http%3A%2F%2F127.0.0.1%3A3%2Fannounce";
  const link = parseMagnet(linkOf(torrent, [`${web.url}a.torrent`]) + own);
  const got = await parseMetainfo(await client.session.metadata(link, TYPED));
  assertEquals(got.infoBytes, infoBytes);
  assertEquals(got.trackers, [
    ["http://127.0.0.1:3/announce"],
    ["http://127.0.0.1:1/announce"],
    ["udp://127.0.0.1:2/announce"],
  ]);
  assertEquals([got.webseeds, got.comment], [["http://w.example/"], null]);
  assertEquals(client.all("metadata").length, 1);
  assertEquals(web.requests.length, 1);
});

Deno.test("a download by an exact source: the tracker that its file names has the peers", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  {
    const torrent = await labTorrent("tracked", FILES, 32_768, server.announceUrl);
    using from = new Folder().fill(torrent);
    using to = new Folder();
    await using seed = await Client.start(from);
    await seed.seed(torrent);
    await seed.heard("tracker", ({ ok }) => ok);
    await using web = serve(torrent.bytes);
    await using client = await Client.start(to);
    const link = linkOf(torrent, [`${web.url}a.torrent`]);
    await client.addMagnet(link, { ...TYPED, saveTorrent: true });
    await client.heard("done");
    to.assertHolds(torrent);
    const saved = await parseMetainfo(Deno.readFileSync(`${to.path}/tracked.torrent`));
    assertEquals(saved.trackers, [[server.announceUrl]]);
  }
  await server.shutdown();
});

Deno.test("peers go on beside sources that lie or say nothing", async () => {
  const torrent = await labTorrent("beside", FILES, 32_768);
  const other = await labTorrent("something else", [["", 10]], 16_384);
  using from = new Folder().fill(torrent);
  using to = new Folder();
  await using seed = await Client.start(from);
  await seed.seed(torrent);
  const open = Promise.withResolvers<Response>();
  await using web = serve(other.bytes, ({ path }) => path === "/b.torrent" ? open.promise : null);
  await using client = await Client.start(to);
  const sources = ["a.torrent", "b.torrent"].map((path) => web.url + path);
  await client.addMagnet(linkOf(torrent, sources, [seed.address]), TYPED);
  await client.heard("done");
  to.assertHolds(torrent);
  open.resolve(new Response());
});

const torrent = await labTorrent("wanted", [["", 100_000]], 16_384);
const other = await labTorrent("something else", [["", 10]], 16_384);
Deno.test("when every exact source fails, the end names each and what is wrong with most", async () => {
  await using web = serve(other.bytes, ({ path }) => {
    if (path.startsWith("/gone")) return new Response(null, { status: 404 });
    return path === "/to.torrent" ? redirect("/reboot") : null;
  });
  using folder = new Folder();
  await using client = await Client.start(folder, alone(1.5));
  const paths = ["a.torrent", "gone1.torrent", "gone2.torrent", "to.torrent"];
  await client.addMagnet(linkOf(torrent, paths.map((path) => web.url + path)), TYPED);
  const { reason, message, waiting } = await client.heard("error");
  assertEquals(reason, "stalled");
  assertStringIncludes(message, ": 2 of 4 exact sources do not have it");
  assertEquals(waiting!.causes.slice(0, 3).map(({ cause }) => cause), [
    "xs-missing",
    "xs-other-torrent",
    "xs-refused",
  ]);
  assertEquals(waiting!.sources.map(({ url, state, message }) => [url, state, message]), [
    [`${web.url}a.torrent`, "gone", "Its info hash is another"],
    [`${web.url}gone1.torrent`, "gone", "Expected status 200, got 404"],
    [`${web.url}gone2.torrent`, "gone", "Expected status 200, got 404"],
    [
      `${web.url}to.torrent`,
      "gone",
      "127.0.0.1 is a local address, where a link is followed to a .torrent file only",
    ],
  ]);
  assertEquals(web.requests.filter(({ path }) => path === "/reboot"), []);
});

Deno.test("an exact source that says nothing is waited for, and left at once at the end", async () => {
  const open = Promise.withResolvers<Response>();
  await using web = serve(torrent.bytes, () => open.promise);
  using folder = new Folder();
  await using client = await Client.start(folder, alone(1));
  const link = parseMagnet(linkOf(torrent, [`${web.url}a.torrent`]));
  await assertRejects(() => client.session.metadata(link, TYPED), Error, "has not answered yet");
  const { waiting } = await client.heard("error");
  assertEquals(waiting!.causes[0]!.cause, "xs-asked");
  open.resolve(new Response());
});

Deno.test("a link that nobody typed leads to no local address, a typed one only to a torrent file", async () => {
  await using web = serve(torrent.bytes);
  const { port } = new URL(web.url);
  const strange = [`${web.url}a.torrent`, `http://2130706433:${port}/a.torrent`];
  const typed = [
    `${web.url}reboot`,
    `${web.url}a.torrent?reboot`,
    `${web.url}.torrent`,
    `http://0.0.0.0:${port}/a.torrent`,
  ];
  for (const [sources, options] of [[strange, {}], [typed, TYPED]] as const) {
    using folder = new Folder();
    await using client = await Client.start(folder, alone(1));
    await client.addMagnet(linkOf(torrent, sources), options);
    const { waiting } = await client.heard("error");
    assertEquals(waiting?.causes[0]?.cause, "xs-refused");
    assertEquals(waiting?.sources.filter(({ state }) => state === "gone").length, sources.length);
  }
  assertEquals(web.requests, []);
});

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}
