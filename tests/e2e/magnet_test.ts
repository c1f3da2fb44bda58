/** Magnet links on the binary: what is wrong with one, what one leads to, and how long is waited for it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { WebServer } from "../loopback/web_server.ts";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { FakePeer } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, type TestTorrent } from "./harness/torrent.ts";

const PORT = ["--listen-port", "0"];
const content = [
  [["a.txt"], new Uint8Array(70_000).fill(1)],
  [["sub", "ü.bin"], new Uint8Array(100_000).fill(2)],
] as const;

function linkOf({ id }: TestTorrent, ...peers: string[]): string {
  return [`magnet:?xt=urn:btih:${id}`, ...peers.map((peer) => `x.pe=${peer}`)].join("&");
}

/** A torrent that is served; its address. */
async function served(scene: Scene): Promise<{ torrent: TestTorrent; address: string }> {
  const torrent = await makeTorrent({ name: "links", content });
  await scene.data(torrent, "data");
  return { torrent, address: await scene.seed(await scene.torrent(torrent), "data") };
}

const HASH = "0123456789012345678901234567890123456789";
const WRONG: readonly (readonly [string, string])[] = [
  ["magnet:", "Expected magnet:?xt=…"],
  ["magnet:?dn=x", "Expected xt=urn:btih:… with an info hash, got nothing"],
  [`magnet:?xt=urn:btih:${HASH}0`, "in xt, got"],
  [`magnet:?xt=urn:btmh:1220${HASH}`, "64 hexadecimal digits after urn:btmh: in xt"],
  [`magnet:?xt=urn:btih:${HASH}&x.pe=nonsense`, 'in x.pe, got "nonsense"'],
  [`magnet:?xt=urn:btih:${HASH}&so=1-`, 'in so, got "1-"'],
];

Deno.test("a magnet link that is none exits with 27 and names the part, in get, seed and info", async () => {
  await using scene = await Scene.open();
  await Promise.all(WRONG.map(async ([link, words]) => {
    for (const command of ["get", "info"]) {
      assertFailure(await scene.run([command, link]), 27, words);
    }
  }));
  assertFailure(await scene.run(["seed", "magnet:?"]), 27, "Expected magnet:?xt=…");
  assertEquals(await scene.tree(), []);
});

Deno.test("get follows a link and a bare info hash, and keeps the torrent file when told to", async () => {
  await using scene = await Scene.open();
  const { torrent, address } = await served(scene);
  const link = linkOf(torrent, address);
  const first = await scene.run(["get", link, "-d", "link", "--save-torrent", ...PORT]);
  assertEquals(first.code, 0, first.stderr);
  assertPlain(first);
  assertStringIncludes(first.stdout, "links: 166.0 KiB, 2 files");
  const hash = [torrent.id.toUpperCase(), "--peer", address];
  const second = await scene.run(["get", ...hash, "-d", "hash", ...PORT]);
  assertEquals(second.code, 0, second.stderr);
  const files = ["links/", "links/a.txt", "links/sub/", "links/sub/ü.bin"];
  assertEquals(await scene.tree("link"), ["links.torrent", ...files].toSorted());
  assertEquals(await scene.tree("hash"), files);
  const info = await scene.run(["info", "link/links.torrent"]);
  assertStringIncludes(info.stdout, torrent.id);
});

Deno.test("get follows an info hash in base32, bare and in a link, as info does", async () => {
  await using scene = await Scene.open();
  const { torrent, address } = await served(scene);
  const hash = base32(torrent.id);
  const peer = ["--peer", address];
  const results = await Promise.all([
    scene.run(["get", hash, "-d", "bare", ...peer, ...PORT]),
    scene.run(["get", `magnet:?xt=urn:btih:${hash.toLowerCase()}`, "-d", "link", ...peer, ...PORT]),
    scene.run(["info", `magnet:?xt=urn:btih:${hash}&x.pe=${address}`]),
  ]);
  for (const { code, stderr } of results) assertEquals(code, 0, stderr);
  const files = ["links/", "links/a.txt", "links/sub/", "links/sub/ü.bin"];
  assertEquals([await scene.tree("bare"), await scene.tree("link")], [files, files]);
  assertStringIncludes(results[2]!.stdout, torrent.id);
});

/** RFC 4648, of hexadecimal. */
function base32(hex: string): string {
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0"));
  return bits.join("").replace(
    /.{5}/g,
    (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)]!,
  );
}

Deno.test("--save-torrent never writes over something else, and the download goes on", async () => {
  await using scene = await Scene.open();
  const { torrent, address } = await served(scene);
  await scene.write("mine/links.torrent", "mine");
  const get = ["get", linkOf(torrent, address), "-d", "mine", "--save-torrent", ...PORT];
  const result = await scene.run(get);
  assertEquals(result.code, 0, result.stderr);
  assertStringIncludes(result.stderr, "The torrent file is not saved: Refused to overwrite");
  assertEquals(await Deno.readTextFile(scene.path("mine/links.torrent")), "mine");
});

Deno.test("info lists what a link leads to, touches nothing, and writes the torrent file when told to", async () => {
  await using scene = await Scene.open();
  const { torrent, address } = await served(scene);
  const before = await scene.tree();
  const link = linkOf(torrent, address);
  const plain = await scene.run(["info", link]);
  assertEquals(plain.code, 0, plain.stderr);
  assertPlain(plain);
  assertStringIncludes(plain.stdout, "links/sub/ü.bin");
  assertMatch(
    plain.stdout,
    new RegExp(`^Magnet +magnet:\\?xt=urn:btih:${torrent.id}&dn=links$`, "m"),
  );
  assertEquals(await scene.tree(), before);
  const json = await scene.run(["info", "--json", "--save-torrent", "-d", "kept", link]);
  const [{ type, torrent: id, files }] = json.stdout.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals([type, id, files.length], ["torrent", torrent.id, 2]);
  assertEquals(await scene.tree("kept"), ["links.torrent"]);
});

Deno.test("a link whose metadata nobody has ends with 2 and says why, in get and info", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  const wait = ["--metadata-timeout", "2"];
  await using silent = new FakePeer(async (wire) => {
    await wire.handshake(torrent);
    await wire.closed();
  });
  const [alone, info, poor] = await Promise.all([
    scene.run(["get", torrent.id, "-d", "a", ...wait, ...PORT]),
    scene.run(["info", torrent.id, ...wait]),
    scene.run(["get", linkOf(torrent, silent.address), "-d", "b", ...wait, ...PORT]),
  ]);
  const nobody = "No metadata for 2 s: ";
  assertFailure({ ...alone, stdout: "" }, 2, `${nobody}the torrent names no tracker`);
  assertFailure(info, 2, `${nobody}the torrent names no tracker`);
  assertFailure(poor, 2, `${nobody}the one peer connected has no metadata either`);
  assertStringIncludes(poor.stderr, "→ wait for a peer that has");
});

Deno.test("get --json of a link: the state, the event and the stage of a wait", async () => {
  await using scene = await Scene.open();
  const { torrent, address } = await served(scene);
  const found = scene.start(["get", linkOf(torrent, address), "--json", "-d", "j", ...PORT]);
  assertEquals((await found.end()).code, 0, found.describe());
  const types = found.events().map(({ type }) => type);
  assert(types.indexOf("metadata") < types.indexOf("added"), found.describe());
  const lost = scene.start(["get", HASH, "--json", "--metadata-timeout", "1", ...PORT]);
  assertEquals((await lost.end()).code, 2);
  const progress = await lost.event("progress");
  assertEquals(progress["state"], "metadata");
  const { reason, waiting } = await lost.event("error") as unknown as {
    readonly reason: string;
    readonly waiting: { readonly stage: string };
  };
  assertEquals([reason, waiting.stage], ["stalled", "metadata"]);
});

Deno.test("a stream and a seed of a link: the metadata comes first", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ name: "one.bin", content: 300_000 });
  await Deno.mkdir(scene.path("data"));
  await Deno.writeFile(scene.path("data/one.bin"), torrent.payload);
  const address = await scene.seed(await scene.torrent(torrent), "data");
  const stream = await scene.run(["get", "-o", "-", linkOf(torrent, address), "-q", ...PORT]);
  assertEquals(stream.code, 0, stream.stderr);
  assertEquals(stream.stdout.length > 0, true);
  await Deno.mkdir(scene.path("copy"));
  await Deno.writeFile(scene.path("copy/one.bin"), torrent.payload);
  const seed = scene.start(["seed", linkOf(torrent, address), "-d", "copy", "--json", ...PORT]);
  await seed.event("metadata");
  await seed.event("done");
});

Deno.test("so in a link and --select-file choose files, and nothing else is made", async () => {
  await using scene = await Scene.open();
  const { torrent, address } = await served(scene);
  const links = [`${linkOf(torrent, address)}&so=1`, linkOf(torrent, address)];
  const so = await scene.run(["get", links[0]!, "-d", "so", ...PORT]);
  const select = ["--select-file", "1"];
  const file = await scene.run(["get", links[1]!, ...select, "-d", "select", ...PORT]);
  assertEquals([so.code, file.code], [0, 0], so.stderr + file.stderr);
  assertEquals(await scene.tree("so"), ["links/", "links/sub/", "links/sub/ü.bin"]);
  assertEquals(await scene.tree("select"), ["links/", "links/a.txt"]);
  const none = await scene.run(["get", `${links[1]}&so=7`, "-d", "none", ...PORT]);
  assertFailure({ ...none, stdout: "" }, 26, "it has 2, none is left by number 7");
});

/** The torrent file and its content on a web server, and a link that knows nothing but the former. */
async function exact() {
  const torrent = await makeTorrent({ name: "exact.bin", content: 300_000 });
  const web = new WebServer({
    files: [{ path: "a.torrent", data: torrent.bytes }, {
      path: "exact.bin",
      data: torrent.payload,
    }],
  });
  const link = `${linkOf(torrent)}&xs=${encodeURIComponent(`${web.url}a.torrent`)}`;
  return { torrent, web, link };
}

Deno.test("the exact source of a link (xs) gives its metadata where there is no peer: info, get, a stream", async () => {
  await using scene = await Scene.open();
  const { torrent, web, link } = await exact();
  await using _ = web;
  const info = await scene.run(["info", link, "--save-torrent", "-d", "kept"]);
  assertEquals(info.code, 0, info.stderr);
  assertPlain(info);
  assertStringIncludes(info.stdout, torrent.id);
  assertEquals(await scene.tree("kept"), ["exact.bin.torrent"]);
  const common = ["--webseed", `${web.url}exact.bin`, ...PORT];
  const get = await scene.run(["get", link, "--save-torrent", "-d", "got", ...common]);
  assertEquals([get.code, get.stderr], [0, ""]);
  assertEquals(await Deno.readFile(scene.path("got/exact.bin")), torrent.payload);
  assertEquals(await scene.tree("got"), ["exact.bin", "exact.bin.torrent"]);
  const stream = await scene.run(["get", "-o", "-", link, "-q", ...common]);
  assertEquals([stream.code, stream.stderr], [0, ""]);
});

Deno.test("exact sources that lie are named at the end, and nothing else in our own network is asked", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  const other = await makeTorrent({ name: "other", content: 1000 });
  await using web = new WebServer({ files: [{ path: "a.torrent", data: other.bytes }] });
  const wait = ["--metadata-timeout", "2", ...PORT];
  const of = (path: string) => `${linkOf(torrent)}&xs=${encodeURIComponent(web.url + path)}`;
  const [lie, order, json] = await Promise.all([
    scene.run(["get", of("a.torrent"), ...wait]),
    scene.run(["get", of("reboot"), ...wait]),
    scene.run(["get", of("b.torrent"), "--json", ...wait]),
  ]);
  const nothing = "No metadata for 2 s: the exact source 127.0.0.1:";
  assertFailure({ ...lie, stdout: "" }, 2, nothing);
  assertStringIncludes(lie.stderr, "has another torrent than the link names");
  assertFailure({ ...order, stdout: "" }, 2, nothing);
  assertStringIncludes(order.stderr, "may not be asked");
  assertStringIncludes(json.stdout, '"cause":"xs-missing"');
  assertEquals(web.requests.map(({ path }) => path).toSorted(), ["/a.torrent", "/b.torrent"]);
});
