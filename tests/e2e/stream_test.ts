import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { type Bytes, equalBytes } from "../../src/base/mod.ts";
import { binary } from "./harness/binary.ts";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { Stream } from "./harness/stream.ts";
import { makeTorrent, noise, type TestTorrent } from "./harness/torrent.ts";

const MIB = 1024 * 1024;
const QUICK = ["--listen-port", "0", "--stall-timeout", "10"];

/** A scene in whose folder `work`, empty otherwise, `tm` runs; with the torrent's path and a seeder's address. */
async function prepared(torrent: TestTorrent) {
  const scene = await Scene.open();
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "seed");
  const address = await scene.seed(path, "seed");
  await Deno.mkdir(scene.path("work"));
  const args = [path, "--peer", address, ...QUICK];
  return {
    scene,
    args,
    cwd: scene.path("work"),
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

/** Runs a line of the shell with `tm` as `$TM`. */
async function shell(line: string, cwd: string): Promise<{ stdout: Bytes; stderr: string }> {
  const output = await new Deno.Command("bash", {
    args: ["-c", line],
    cwd,
    clearEnv: true,
    env: { TM: binary("tm"), LC_ALL: "C.UTF-8", PATH: "/usr/bin:/bin" },
  }).output();
  return {
    stdout: new Uint8Array(output.stdout),
    stderr: new TextDecoder().decode(output.stderr),
  };
}

Deno.test("get -o - writes a file byte for byte, and nothing to disk", async () => {
  const torrent = await makeTorrent({ content: 20_000_001 });
  await using place = await prepared(torrent);
  await using tm = new Stream(place.args, place.cwd);
  const got = await tm.read(Infinity);
  assertEquals(await tm.end(), { code: 0, stderr: "" });
  assert(equalBytes(got, torrent.payload));
  assertEquals(await place.scene.tree("work"), []);
});

Deno.test("get -o - has no right to any file, as its receipt says", async () => {
  const torrent = await makeTorrent({ content: 300_000 });
  await using place = await prepared(torrent);
  await using tm = new Stream(["-v", ...place.args], place.cwd);
  assert(equalBytes(await tm.read(Infinity), torrent.payload));
  const { code, stderr } = await tm.end();
  assertEquals(code, 0);
  const receipt = [
    "  engine       read none",
    "               write none",
    "               net yes, sys none, run none, env none, ffi none",
    "  main thread  read none, write none, net yes",
  ];
  assertStringIncludes(stderr, receipt.join("\n"));
  assertStringIncludes(stderr, "written to standard output\n");
});

Deno.test("get -o - of tm-locked needs no ./downloads", async () => {
  const torrent = await makeTorrent({ content: 300_000 });
  await using place = await prepared(torrent);
  const { stdout, stderr } = await shell(
    `"$TM"-locked get -o - - ${place.args.slice(1).join(" ")} < ${place.args[0]}`,
    place.cwd,
  );
  assertEquals(stderr, "");
  assert(equalBytes(stdout, torrent.payload));
  assertEquals(await place.scene.tree("work"), []);
});

Deno.test("get -o - of a folder is a tar archive that tar unpacks", async () => {
  const long = "long ".repeat(30);
  const torrent = await makeTorrent({
    name: "album",
    content: [
      [["empty first"], noise(0, 1)],
      [["one.bin"], noise(100_000, 1)],
      [["deep", "er", "två.bin"], noise(70_001, 2)],
      [[long, long, "file"], noise(512, 3)],
      [["日本語", "文"], noise(3_000_000, 4)],
      [["empty last"], noise(0, 1)],
    ],
  });
  await using place = await prepared(torrent);
  const line = `"$TM" get --no-dht --no-lsd -o - ${place.args.join(" ")}`;
  const { stderr } = await shell(`set -o pipefail; ${line} | tar x`, place.cwd);
  assertEquals(stderr, "");
  for (const [parts, bytes] of torrent.files) {
    const path = ["work", torrent.name, ...parts].join("/");
    assert(equalBytes(await Deno.readFile(place.scene.path(path)), bytes), path);
  }
  assertEquals((await Deno.stat(place.scene.path("work/album/one.bin"))).mode! & 0o777, 0o644);
  const listed = await shell(`${line} | tar tvf - --quoting-style=literal`, place.cwd);
  assertEquals(listed.stderr, "");
  const names = new TextDecoder().decode(listed.stdout).trimEnd().split("\n");
  assertEquals(
    names.map((line) => line.replace(/^-rw-r--r-- 0\/0 +\d+ [\d-]+ [\d:]+ /, "")),
    torrent.files.map(([parts]) => ["album", ...parts].join("/")),
  );
  const size = await shell(`${line} | wc -c`, place.cwd);
  assertEquals(Number(new TextDecoder().decode(size.stdout)) % 10_240, 0);
});

Deno.test("a reader that sleeps is waited for, memory stays bounded and every byte is right", async () => {
  const torrent = await makeTorrent({ content: 160 * MIB + 1, pieceLength: MIB });
  await using place = await prepared(torrent);
  await using tm = new Stream(["--json", ...place.args], place.cwd);
  const reports = () => tm.events().filter(({ type }) => type === "progress");
  let at = 0;
  for (const size of [1, 20 * MIB, 5 * MIB, 30 * MIB]) {
    const part = await tm.read(size);
    assert(equalBytes(part, torrent.payload.subarray(at, at + size)));
    at += size;
    // it sleeps until tm has said twice that it is waited for
    const before = reports().length;
    const waits = () =>
      reports().slice(before).filter(({ state }) => state === "slow-reader").length;
    await tm.until(() => waits() >= 2, "a stream that waits for its reader");
    const { downloaded } = reports().at(-1)!;
    // the window, the chunks under way and what pipes hold
    assertLess(Number(downloaded), at + 56 * MIB);
  }
  const peak = await tm.peak();
  assert(equalBytes(await tm.read(Infinity), torrent.payload.subarray(at)));
  assertEquals((await tm.end()).code, 0);
  assertLess(peak, 250, `${peak} MiB at most`);
});

Deno.test("a reader that closes ends it with exit 7 and without a word", async () => {
  const torrent = await makeTorrent({ content: 100 * MIB, pieceLength: MIB });
  await using place = await prepared(torrent);
  for (const option of ["", "-q"]) {
    const { stdout, stderr } = await shell(
      `{ "$TM" get --no-dht --no-lsd ${option} -o - ${
        place.args.join(" ")
      }; echo $? >&3; } 3> code | ` +
        "head -c 100000",
      place.cwd,
    );
    assertEquals(stderr, "");
    assert(equalBytes(stdout, torrent.payload.subarray(0, 100_000)));
    assertEquals(await Deno.readTextFile(place.scene.path("work/code")), "7\n");
  }
});

Deno.test("a reader that is gone before the first byte is the same", async () => {
  const torrent = await makeTorrent({ content: 2 * MIB });
  await using scene = await Scene.open();
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  await using tm = new Stream([path, "--peer", peer.address, ...QUICK], scene.folder);
  await tm.close();
  assertEquals(await tm.end(), { code: 7, stderr: "" });
});

Deno.test("Ctrl-C ends a stream whose reader takes nothing, with exit 7", async () => {
  const torrent = await makeTorrent({ content: 100 * MIB, pieceLength: MIB });
  await using place = await prepared(torrent);
  await using tm = new Stream(["--json", ...place.args], place.cwd);
  await tm.until(
    () => tm.events().some(({ state }) => state === "slow-reader"),
    "a stream that waits for its reader",
  );
  tm.signal("SIGINT");
  assertEquals((await tm.end()).code, 7);
});

Deno.test("what cannot be a stream is refused with 28, and nothing is on standard output", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 1000 }));
  const wrong: [string[], string][] = [
    [["-d", "x"], "Expected no -d with -o -"],
    [["--check"], "Expected no --check with -o -"],
    [["--seed-time", "1"], "Expected no --seed-time with -o -"],
    [[path], "Expected one torrent with -o, got 2"],
  ];
  for (const [options, words] of wrong) {
    assertFailure(await scene.run(["get", "-o", "-", path, ...options]), 28, words);
  }
  assertEquals(await scene.tree(), ["test.torrent"]);
});

Deno.test("a stream without data stalls like a download (2)", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 100_000 }));
  const get = ["get", "-o", "-", path, "--stall-timeout", "1", "--listen-port", "0"];
  assertFailure(await scene.run(get), 2, "names no tracker and no peer was given");
});

Deno.test("a stream into a disk that is full exits 9", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 4 * MIB });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "1M");
  const { stderr } = await shell(
    `"$TM" get --no-dht --no-lsd -o - ${path} --peer ${peer.address} ${
      QUICK.join(" ")
    } > ${disk}/file; echo $?  >&2`,
    scene.folder,
  );
  assertStringIncludes(stderr, "Cannot write to standard output: No space left on device");
  assert(stderr.endsWith("\n9\n"), stderr);
});

Deno.test("get --sequential asks for the pieces in their order", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 3_000_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const result = await scene.run(["get", path, "--sequential", "--peer", peer.address, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(peer.pieces, peer.pieces.toSorted((a, b) => a - b));
  assert(equalBytes(await Deno.readFile(scene.path("downloads/sample")), torrent.payload));
});
