import { assert, assertEquals } from "@std/assert";
import { type Bytes, concat, utf8 } from "../../src/base/mod.ts";
import { type Encodable, encode } from "../../src/bencode/mod.ts";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

/** A file that is no torrent: its bytes, the exit code, words of the message. */
type BadFile = readonly [name: string, bytes: Bytes, code: number, words: string];

const HASH = new Uint8Array(20);
const GOOD: Record<string, Encodable> = {
  length: 100,
  name: "x",
  "piece length": 16_384,
  pieces: HASH,
};

/** A torrent whose info dictionary is good but for these entries; undefined leaves one out. */
function info(entries: Record<string, Encodable | undefined>): Bytes {
  return encode({ info: { ...GOOD, ...entries } });
}

const files = (...paths: readonly (readonly [length: Encodable, ...path: string[]])[]) =>
  info({ length: undefined, files: paths.map(([length, ...path]) => ({ length, path })) });

const BAD_FILES: readonly BadFile[] = [
  ["nothing", utf8(""), 25, "is not a torrent"],
  ["text", utf8("hello, world"), 25, "is not a torrent"],
  ["a web page", utf8("<html><body>404</body></html>"), 25, "looks like a web page"],
  ["truncated", info({}).slice(0, -10), 25, "is not a torrent"],
  ["with more behind it", concat(info({}), utf8("junk")), 25, "is not a torrent"],
  ["a string longer than the file", utf8("d4:info999999999999:"), 25, "is not a torrent"],
  ["a negative string length", utf8("d-4:info0:e"), 25, "is not a torrent"],
  ["a number with a leading zero", utf8("d4:infoi01ee"), 25, "is not a torrent"],
  ["keys out of order", utf8("d4:infod4:name1:x6:lengthi1eee"), 25, "is not a torrent"],
  ["a key twice", utf8("d4:infod4:name1:x4:name1:yee"), 25, "is not a torrent"],
  ["a number", utf8("i42e"), 26, "is not a torrent"],
  ["without info", utf8("de"), 26, "info"],
  ["info is a list", encode({ info: [] }), 26, "info"],
  ["no name", info({ name: undefined }), 26, "info.name"],
  ["a name that is a number", info({ name: 5 }), 26, "info.name"],
  ["a negative length", info({ length: -1 }), 26, "info.length"],
  ["a length of nothing", info({ length: 0 }), 26, "info.length"],
  ["a length that is text", info({ length: "100" }), 26, "info.length"],
  ["neither length nor files", info({ length: undefined }), 26, "info.length"],
  ["both length and files", info({ files: [{ length: 1, path: ["a"] }] }), 26, "info.files"],
  ["a piece length of zero", info({ "piece length": 0 }), 26, "info.piece length"],
  ["a negative piece length", info({ "piece length": -1 }), 26, "info.piece length"],
  ["a piece length of 16 TiB", info({ "piece length": 2 ** 44 }), 26, "info.piece length"],
  ["no pieces", info({ pieces: "" }), 26, "info.pieces"],
  ["half a hash", info({ pieces: HASH.slice(0, 10) }), 26, "info.pieces"],
  ["a hash too many", info({ pieces: new Uint8Array(40) }), 26, "info.pieces"],
  ["a hash too few", info({ length: 20_000 }), 26, "info.pieces"],
  ["a version to come", info({ "meta version": 3 }), 26, "version 3"],
  ["v2 without a file tree", info({ "meta version": 2 }), 26, "info.file tree"],
  ["a file tree without its version", info({ "file tree": {} }), 26, "info.meta version"],
  ["no files", info({ length: undefined, files: [] }), 26, "info.files"],
  ["files of nothing", files([0, "a"]), 26, "info.files"],
  ["a file without a path", files([100]), 26, "path"],
  ["a file of negative size", files([-100, "a"], [200, "b"]), 26, "length"],
  ["sizes beyond what can be counted", files([2 ** 53 - 1, "a"], [2 ** 53 - 1, "b"]), 26, "length"],
  ["the same file twice", files([50, "a", "b"], [50, "a", "b"]), 26, "a path that no other"],
  [
    "a file that is also a folder",
    files([50, "a"], [50, "a", "b"]),
    26,
    "both a file and a folder",
  ],
];

for (const [name, bytes, code, words] of BAD_FILES) {
  Deno.test(`a torrent file is refused with ${code}: ${name}`, async () => {
    await using scene = await Scene.open();
    await scene.write("bad.torrent", bytes);
    const result = await scene.run(["get", "bad.torrent"]);
    assertFailure(result, code, words);
    assertFailure(result, code, "bad.torrent");
    assertEquals(await scene.tree(), ["bad.torrent"]);
  });
}

Deno.test("100 MB of l are refused, from a file and from standard input", async () => {
  await using scene = await Scene.open();
  const bytes = new Uint8Array(100_000_000).fill("l".charCodeAt(0));
  const path = await scene.write("bad.torrent", bytes);
  assertFailure(await scene.run(["get", path]), 26, "at most 64 MiB");
  assertFailure(await scene.run(["get", "-"], { stdin: bytes }), 26, "at most 64 MiB");
  // What is small enough to be read is refused for its depth.
  await Deno.truncate(path, 60_000_000);
  assertFailure(await scene.run(["info", path]), 25, "is not a torrent");
  assertEquals(await scene.tree(), ["bad.torrent"]);
});

Deno.test("a file that has not ended is not read for ever", async () => {
  await using scene = await Scene.open();
  assertFailure(await scene.run(["info", "/dev/zero"]), 26, "at most 64 MiB");
});

Deno.test("names that are too long, or the same but for case, are altered and saved", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({
    name: "n".repeat(300),
    content: [
      [[`${"ü".repeat(200)}.mp3`], noise(1000, 1)],
      [["Same"], noise(1000, 2)],
      [["same"], noise(1000, 3)],
      [["aux"], noise(1000, 4)],
    ],
  });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, "--listen-port", "0", "--stall-timeout", "10"];
  const result = await scene.run(get);
  assertEquals(result.code, 0, result.stderr);
  const tree = await scene.tree("downloads");
  assertEquals(tree.length, 5);
  assert(tree.some((path) => path.endsWith(".mp3")), tree.join(" "));
  assertEquals((await scene.run(["verify", path])).code, 0);
});
