import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toHex, utf8 } from "../../src/base/mod.ts";
import { createTorrent, parseMetainfo } from "../../src/metainfo/mod.ts";
import type { CreateRequest, VerifiedFile, VerifyRequest } from "../../src/engine/mod.ts";
import { FOLDER as MADE, madeTorrent, PIECE } from "../metainfo/v2_torrents.ts";
import { failure, FakeEngine, idOf, objects, torrentOf, World } from "./world.ts";

const FOLDER = createTorrent({
  name: "photos",
  files: [{ path: ["a.jpg"], length: 30_000 }, { path: ["sub", "b\u202e.jpg"], length: 5 }],
  pieceLength: 16_384,
  pieceHashes: new Uint8Array(40),
}, {
  trackers: [["http://t1/announce", "http://t2/announce"], ["http://t3/announce"]],
  webseeds: ["http://w/"],
  comment: "two\x1b[31m lines\nhere",
  createdBy: "me",
  creationDate: 0,
});

function worldWith(name: string, torrent: Uint8Array<ArrayBuffer>): World {
  const world = new World();
  world.files.set(name, torrent).set("./downloads", "folder").set("data", "folder");
  return world;
}

Deno.test("info lists facts and files, safe to print", async () => {
  const world = worldWith("p.torrent", FOLDER);
  assertEquals(await world.run("info", "p.torrent"), 0);
  assertEquals(world.stdout.text.split("\n"), [
    "Name       photos",
    `Info hash  ${await idOf(FOLDER)}`,
    "Size       29.3 KiB (30005 bytes)",
    "Pieces     2 of 16.0 KiB",
    "Private    no",
    "Created    1970-01-01 00:00:00 UTC by me",
    "Comment    two lines here",
    "Tracker 1  http://t1/announce",
    "           http://t2/announce",
    "Tracker 2  http://t3/announce",
    "Web seed   http://w/",
    `Magnet     magnet:?xt=urn:btih:${await idOf(FOLDER)}&dn=photos` +
    "&tr=http%3A%2F%2Ft1%2Fannounce&tr=http%3A%2F%2Ft2%2Fannounce" +
    "&tr=http%3A%2F%2Ft3%2Fannounce&ws=http%3A%2F%2Fw%2F",
    "",
    "#      Size  File",
    "1  29.3 KiB  photos/a.jpg",
    "2       5 B  photos/sub/b_.jpg",
    "",
  ]);
});

Deno.test("info --json is one object a line", async () => {
  const world = worldWith("p.torrent", FOLDER);
  assertEquals(await world.run("info", "--json", "p.torrent", "p.torrent"), 0);
  const [first, second] = objects(world.stdout.text);
  assertEquals(first, second);
  assertEquals(first!.torrent, await idOf(FOLDER));
  assertEquals(first!.size, 30_005);
  assertEquals(first!.trackers, [["http://t1/announce", "http://t2/announce"], [
    "http://t3/announce",
  ]]);
  assertEquals(first!.files, [
    { number: 1, path: "photos/a.jpg", size: 30_000 },
    { number: 2, path: "photos/sub/b_.jpg", size: 5 },
  ]);
});

Deno.test("info --scrape tells below each tracker how many take part, or why it cannot", async () => {
  const world = worldWith("p.torrent", FOLDER);
  const unknown = { seeders: null, leechers: null, downloads: null };
  const answers = [
    { seeders: 3, leechers: 2, downloads: 1, message: null },
    { ...unknown, seeders: 0, message: null },
    { ...unknown, message: "No answer\x1b[2J in time" },
  ].map((answer, i) => ({ url: `http://t${i + 1}/announce`, ...answer }));
  for (const answer of answers) world.scraped.set(answer.url, answer);
  assertEquals(await world.run("info", "--scrape", "p.torrent"), 0);
  assertEquals(world.stdout.text.split("\n").slice(7, 13), [
    "Tracker 1  http://t1/announce",
    "             3 seeding, 2 downloading, downloaded 1 time",
    "           http://t2/announce",
    "             0 seeding",
    "Tracker 2  http://t3/announce",
    "             No answer in time",
  ]);
  world.stdout.text = "";
  assertEquals(await world.run("info", "--scrape", "--json", "p.torrent"), 0);
  assertEquals(objects(world.stdout.text)[0]!.scrape, answers);
});

Deno.test("info goes on after a bad file and exits with its code", async () => {
  const world = worldWith("p.torrent", FOLDER);
  world.files.set("bad", utf8("x"));
  assertEquals(await world.run("info", "none", "bad", "p.torrent"), 3);
  assertStringIncludes(world.stdout.text, "photos");
});

Deno.test("info with no reader ends quietly", async () => {
  const world = worldWith("p.torrent", FOLDER);
  world.stdout.closed = true;
  assertEquals(await world.run("info", "p.torrent"), 0);
  assertEquals(world.stderr.text, "");
});

/** A world whose verify finds `files`. */
function verifying(files: VerifiedFile[]): World {
  const world = worldWith("p.torrent", FOLDER);
  world.verify = (_request, onProgress) => {
    onProgress({ checked: 15_000, size: 30_005 });
    return Promise.resolve({ files, pieces: 2, goodPieces: 1 });
  };
  return world;
}

const FINE: VerifiedFile = {
  path: "photos/a.jpg",
  length: 1000,
  size: 1000,
  good: 1000,
  chosen: true,
};

Deno.test("verify lists every file and exits 32 when anything differs", async () => {
  const world = verifying([
    FINE,
    { path: "photos/b", length: 1000, size: null, good: 0, chosen: true },
    { path: "photos/c", length: 1000, size: 1000, good: 999, chosen: true },
    { path: "photos/d", length: 1000, size: 400, good: 250, chosen: true },
    { path: "photos/e", length: 1000, size: 1001, good: 1000, chosen: true },
  ]);
  assertEquals(await world.run("verify", "p.torrent"), 32);
  assertEquals(world.stdout.text.split("\n"), [
    "photos: checking what is on disk, 49%",
    "State          Size  File",
    "ok           1000 B  photos/a.jpg",
    "missing      1000 B  photos/b",
    "damaged 1%   1000 B  photos/c",
    "damaged 75%  1000 B  photos/d",
    "too long     1000 B  photos/e",
    "",
    "5 files, 29.3 KiB: 4 not as in the torrent",
    "",
  ]);
});

Deno.test("verify exits 0 when all is well, and -q says nothing", async () => {
  const world = verifying([FINE]);
  assertEquals(await world.run("verify", "p.torrent"), 0);
  assertStringIncludes(world.stdout.text, "1 file, 29.3 KiB: all ok\n");
  const quiet = verifying([FINE]);
  assertEquals(await quiet.run("verify", "-q", "p.torrent"), 0);
  assertEquals(quiet.stdout.text + quiet.stderr.text, "");
});

Deno.test("verify passes over what the download here did not choose, unless it is whole", async () => {
  const world = verifying([
    FINE,
    { path: "photos/b", length: 1000, size: null, good: 20, chosen: false },
    { path: "photos/c", length: 1000, size: 1000, good: 1000, chosen: false },
  ]);
  assertEquals(await world.run("verify", "p.torrent"), 0);
  assertEquals(world.stdout.text.split("\n").slice(1), [
    "State         Size  File",
    "ok          1000 B  photos/a.jpg",
    "not chosen  1000 B  photos/b",
    "ok          1000 B  photos/c",
    "",
    "3 files, 29.3 KiB: 2 ok, 1 not chosen",
    "",
  ]);
});

Deno.test("verify --json prints progress, files and a result", async () => {
  const world = verifying([FINE, { ...FINE, path: "photos/b", size: null, good: 0, chosen: true }]);
  assertEquals(await world.run("verify", "--json", "p.torrent"), 32);
  const torrent = await idOf(FOLDER);
  assertEquals(objects(world.stdout.text), [
    { type: "checking", torrent, checked: 15_000, size: 30_005 },
    { type: "file", torrent, ...FINE, state: "ok" },
    { type: "file", torrent, ...FINE, path: "photos/b", size: null, good: 0, state: "missing" },
    { type: "verified", torrent, ok: false, files: 2, bad: 1, pieces: 2, goodPieces: 1 },
  ]);
});

Deno.test("--json tells of hashing once a second, and its end, however many pieces there are", async () => {
  const world = verifying([FINE]);
  const { verify } = world;
  world.verify = (request, onProgress, signal) => {
    for (let piece = 1; piece <= 1000; piece++) {
      onProgress({ checked: piece, size: 1000 });
      world.advance(3);
    }
    return verify(request, () => {}, signal);
  };
  await world.run("verify", "--json", "p.torrent");
  const told = objects(world.stdout.text).filter(({ type }) => type === "checking");
  assertEquals(told.map(({ checked }) => checked), [1, 335, 669, 1000]);
});

Deno.test("verify hands on the folder and the other name", async () => {
  const world = verifying([FINE]);
  let request: VerifyRequest | undefined;
  const verify = world.verify;
  world.verify = (...args) => {
    request = args[0];
    return verify(...args);
  };
  await world.run("verify", "p.torrent", "-d", "data", "-o", "pics");
  assertEquals([request!.folder, request!.name], ["/home/user/data", "pics"]);
});

Deno.test("verify of a folder that is not there exits with 3", async () => {
  const world = verifying([FINE]);
  assertEquals(await world.run("verify", "p.torrent", "-d", "none"), 3);
  assertStringIncludes(world.stderr.text, "No such folder: none");
});

Deno.test("Ctrl-C aborts hashing and exits with 7", async () => {
  const world = verifying([]);
  let aborted = false;
  world.verify = (_request, _onProgress, signal) => {
    signal.addEventListener("abort", () => aborted = true);
    world.interrupt();
    return new Promise(() => {});
  };
  assertEquals(await world.run("verify", "p.torrent"), 7);
  assertEquals([aborted, world.signalHandlers], [true, 0]);
});

Deno.test("hashing shows a bar on a terminal and takes it away", async () => {
  const world = verifying([FINE]).onTerminal();
  await world.run("verify", "p.torrent");
  assert(/photos █+░+ {2}49%/.test(world.stdout.text), world.stdout.text);
  assertStringIncludes(world.stdout.text, "\x1b[1A\r\x1b[J");
});

/** A world where photos/ can be made into {@linkcode FOLDER}. */
function creating(): { world: World; requests: CreateRequest[] } {
  const world = worldWith("photos", FOLDER);
  world.files.set("photos", "folder");
  const requests: CreateRequest[] = [];
  world.create = (request, onProgress) => {
    requests.push(request);
    onProgress({ checked: 1, size: 2 });
    return Promise.resolve({
      torrent: FOLDER,
      skipped: ["Left out a link: photos/link"],
      hashedAt: 0,
    });
  };
  return { world, requests };
}

Deno.test("create writes NAME.torrent and says what it holds", async () => {
  const { world } = creating();
  assertEquals(await world.run("create", "photos"), 0);
  assertEquals(world.log, ["write photos.torrent"]);
  assertEquals(world.files.get("photos.torrent"), FOLDER);
  assertStringIncludes(
    world.stdout.text,
    `photos.torrent: 29.3 KiB, 2 files, 2 pieces of 16.0 KiB\nInfo hash ${await idOf(FOLDER)}\n`,
  );
  assertEquals(world.stderr.text, "Warning: Left out a link: photos/link\n");
});

Deno.test("create hands on its options, each -a as a tier", async () => {
  const { world, requests } = creating();
  const line = "create photos -o out.torrent -a http://a/announce -a udp://b:1/announce " +
    "--piece-length 64K --private --comment hi --webseed http://w/";
  assertEquals(await world.run(...line.split(" ")), 0);
  const { createdBy, ...rest } = requests[0]!;
  assertStringIncludes(createdBy, "TorrentManager ");
  assertEquals(rest, {
    path: "/home/user/photos",
    version: "v1",
    pieceLength: 65_536,
    trackers: [["http://a/announce"], ["udp://b:1/announce"]],
    webseeds: ["http://w/"],
    isPrivate: true,
    comment: "hi",
    creationDate: 1_700_000_000,
  });
  assertEquals(world.log, ["write out.torrent"]);
});

Deno.test("create overwrites nothing without --force", async () => {
  const { world, requests } = creating();
  world.files.set("photos.torrent", utf8("old"));
  assertEquals(await world.run("create", "photos"), 13);
  assertEquals([requests.length, world.log.length], [0, 0]);
  assertStringIncludes(world.stderr.text, "photos.torrent exists");
  assertEquals(await world.run("create", "photos", "--force"), 0);
});

Deno.test("a file that appears while hashing is not overwritten either", async () => {
  const { world } = creating();
  const create = world.create;
  world.create = (...args) => {
    world.files.set("photos.torrent", utf8("new"));
    return create(...args);
  };
  assertEquals(await world.run("create", "photos"), 13);
  assertEquals(world.files.get("photos.torrent"), utf8("new"));
});

Deno.test("create of what is not there exits with 3, where it cannot write with 16", async () => {
  const { world } = creating();
  assertEquals(await world.run("create", "none"), 3);
  world.files.set("x/y.torrent", new Deno.errors.PermissionDenied("os error 13"));
  assertEquals(await world.run("create", "photos", "-o", "x/y.torrent", "--force"), 16);
});

Deno.test("create --json prints the result", async () => {
  const { world } = creating();
  assertEquals(await world.run("create", "--json", "photos"), 0);
  const metainfo = await parseMetainfo(FOLDER);
  assertEquals(objects(world.stdout.text).at(-1), {
    type: "created",
    torrent: await idOf(FOLDER),
    path: "photos.torrent",
    name: "photos",
    size: metainfo.totalLength,
    files: 2,
    pieces: 2,
    pieceLength: 16_384,
    version: "v1",
    infoHashV2: null,
  });
});

Deno.test("create makes torrents of version 2, alone or beside 1, and says both info hashes", async () => {
  for (const version of ["v2", "hybrid"] as const) {
    const { world, requests } = creating();
    const made = await madeTorrent(MADE, PIECE, version, "photos");
    world.create = (request) => {
      requests.push(request);
      return Promise.resolve({ torrent: made, skipped: [], hashedAt: 0 });
    };
    assertEquals(await world.run("create", "photos", `--${version}`), 0);
    assertEquals(requests[0]!.version, version);
    const { infoHashV1, infoHashV2 } = await parseMetainfo(made);
    assertStringIncludes(world.stdout.text, `Info hash v2 ${toHex(infoHashV2!)}\n`);
    assertEquals(world.stdout.text.includes("Info hash "), true);
    if (infoHashV1 !== null) assertStringIncludes(world.stdout.text, toHex(infoHashV1));
    world.files.set("p.torrent", made);
    assertEquals(await world.run("info", "--json", "p.torrent"), 0);
    const { version: told, infoHashV2: hash, magnet, files, size } = objects(
      world.stdout.text.split("\n").filter((line) => line.startsWith("{")).join("\n"),
    ).at(-1)!;
    assertEquals([told, hash], [version, toHex(infoHashV2!)]);
    assertStringIncludes(magnet as string, `xt=urn:btmh:1220${toHex(infoHashV2!)}`);
    assertEquals(
      (files as { root?: string }[]).filter(({ root }) => root?.length === 64).length,
      5,
    );
    assertEquals(size, (await parseMetainfo(made)).totalLength);
  }
  const { world } = creating();
  assertEquals(await world.run("create", "photos", "--v2", "--hybrid"), 28);
});

Deno.test("seed serves only, without end and without a stall", async () => {
  const world = worldWith("a.torrent", torrentOf("a.bin"));
  world.engine = new FakeEngine((engine, torrent) => {
    engine.emit({ type: "done", torrent, name: "a.bin", size: 1, downloaded: 0, seconds: 0 });
    world.interrupt();
  });
  assertEquals(await world.run("seed", "a.torrent"), 0);
  assertEquals(world.engine.added[0]!.options, {
    peers: [],
    typed: true,
    check: false,
    superSeed: false,
    uploadLimit: 0,
    seedOnly: true,
    seed: { minutes: null, ratio: null },
  });
  assertEquals(world.engine.options.stallTimeout, 0);
  assertEquals(world.log, ["start", "revoke"]);
});

Deno.test("seed of incomplete files exits with 7", async () => {
  const world = worldWith("a.torrent", torrentOf("a.bin"));
  world.engine = new FakeEngine((engine, id) => engine.emit(failure(id, "incomplete")));
  assertEquals(await world.run("seed", "a.torrent"), 7);
});

Deno.test("seed needs its folder to be there", async () => {
  const world = worldWith("a.torrent", torrentOf("a.bin"));
  assertEquals(await world.run("seed", "a.torrent", "-d", "none"), 3);
});

Deno.test("create says what to do when the torrent's file cannot be written", async () => {
  const tooLong = Object.assign(new Error("File name too long"), { code: "ENAMETOOLONG" });
  const causes: [Error, string][] = [
    [new Deno.errors.PermissionDenied("os error 13"), "No permission to write p.torrent; choose"],
    [tooLong, "The name p.torrent is too long; choose a shorter one with -o"],
  ];
  for (const [cause, said] of causes) {
    const world = worldWith("photos", FOLDER);
    world.files.set("p.torrent", cause);
    world.create = () => Promise.resolve({ torrent: FOLDER, skipped: [], hashedAt: 0 });
    assertEquals(await world.run("create", "photos", "-o", "p.torrent", "--force"), 16);
    assertStringIncludes(world.stderr.text, said);
  }
});
