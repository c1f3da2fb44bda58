/**
 * `deno task screenshots` → `dist/screenshots`: each view of the page in light, dark and at a phone's width. Two of them
 * stand in the README: copied by hand to `docs`.
 */
import type { Page } from "playwright-core";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { type Look, LOOKS, tour, wear } from "./views.ts";
import { closeBrowser, Visitor } from "./visitor.ts";

const FOLDER = "dist/screenshots";
/** What the reader sees instead of the folder of this machine. */
const HOME = "/home/ana/downloads";
const TRACKER = "https://tracker.example/announce";
const DAEMON = [
  "daemon",
  "-d",
  "data",
  "--rpc",
  "127.0.0.1:0",
  "--listen-port",
  "0",
  "--no-dht",
  "--json",
];
const MIB = 1024 * 1024;
const PIECE = 256 * 1024;
/** Files of what is a folder. */
const PARTS = 4;

/** Made-up things that somebody might share. `here`: the part that is there at first, null: it is not started. */
interface Thing {
  readonly name: string;
  /** MiB. */
  readonly size: number;
  readonly here: number | null;
  readonly label?: string;
}

const THINGS: readonly Thing[] = [
  { name: "meadowlark-linux-24.2-amd64.iso", size: 96, here: 1, label: "systems" },
  { name: "pocketbsd-7.1-armv8.img.xz", size: 24, here: 1, label: "systems" },
  { name: "open-field-recordings-vol-3", size: 48, here: 1, label: "sounds" },
  { name: "tinyforge-handbook-2026.epub", size: 3, here: 1, label: "books" },
  { name: "brushwork-studio-5.0-source.tar.zst", size: 18, here: null },
  { name: "lantern-shorts-open-films-2026", size: 112, here: 0.31, label: "films" },
  { name: "quillos-3.4-live-x86_64.iso", size: 128, here: 0.64, label: "systems" },
];
const SHOWN = { shown: "lantern-shorts", unchosen: "harbour-sketches" };
/** Bytes a second, of all together. */
const LIMIT = 700_000;

if (import.meta.main) {
  Deno.chdir(`${import.meta.dirname}/../..`);
  await Deno.mkdir(FOLDER, { recursive: true });
  await using last = new AsyncDisposableStack();
  last.defer(closeBrowser);
  await using scene = await Scene.open();
  await shootLogin(scene);
  const manager = scene.start(DAEMON);
  const place = String((await manager.event("ready"))["place"]);
  const tracker = scene.start(["tracker", "--listen", "127.0.0.1:0", "--json"]);
  const announce = String((await tracker.event("listening"))["url"]);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await beElsewhere(page, scene.path("data"), announce);
  await page.reload();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await page.getByText(HOME).waitFor();
  await shootEach(visitor, "empty");
  await call(place, "session-set", {
    "speed-limit-down": LIMIT / 1000,
    "speed-limit-down-enabled": true,
    "peer-limit-per-torrent": 40,
  });
  for (const [at, thing] of THINGS.entries()) await begin(scene, place, { ...thing, announce }, at);
  await leaveOpen(place, announce);
  await visitor.row(SHOWN.shown).filter({ hasText: /Downloading.*B\/s/ }).waitFor();
  await visitor.row("meadowlark").filter({ hasText: "Seeding" }).waitFor();
  // for the graphs to have something to show
  await page.waitForTimeout(60_000);
  for (const look of LOOKS) {
    await wear(visitor, look);
    for await (const view of tour(visitor, look, SHOWN)) await take(visitor, view, look);
    // what was said in one look is not in the next
    await page.getByRole("button", { name: "Dismiss this message" }).click();
  }
  manager.signal("SIGTERM");
  await page.getByRole("alert").filter({ hasText: "The connection is lost" }).waitFor();
  await shootEach(visitor, "lost");
}

async function take({ page }: Visitor, view: string, { name }: Look): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${view}-${name}.png` });
}

/** What the page shows now, in every look. */
async function shootEach(visitor: Visitor, view: string): Promise<void> {
  for (const look of LOOKS) {
    await wear(visitor, look);
    await take(visitor, view, look);
  }
}

async function shootLogin(scene: Scene): Promise<void> {
  const manager = scene.start([...DAEMON, "--rpc-auth", "ana:a-password"]);
  await using visitor = await Visitor.open(String((await manager.event("ready"))["place"]));
  await visitor.page.getByLabel("Password").waitFor();
  await shootEach(visitor, "login");
  manager.signal("SIGTERM");
  await manager.end();
}

/** Adds one whose files are to be chosen. */
async function leaveOpen(place: string, announce: string): Promise<void> {
  const torrent = await makeTorrent({
    name: "harbour-sketches-2026",
    content: [
      [["drawings", "01-quay.svg"], noise(MIB, 101)],
      [
        ["drawings", "02-lighthouse-with-all-the-boats-that-were-there-on-a-sunday.svg"],
        noise(MIB, 102),
      ],
      [["photographs", "morning.jpg"], noise(2 * MIB, 103)],
      [["notes.txt"], noise(20_000, 104)],
    ],
    pieceLength: PIECE,
    trackers: [announce],
  });
  const metainfo = torrent.bytes.toBase64();
  await call(place, "torrent-add", { metainfo, paused: true, "files-unwanted": [] });
}

/** Adds one: what is there of it, and some who have all of it. */
async function begin(
  scene: Scene,
  place: string,
  thing: Thing & { readonly announce: string },
  at: number,
): Promise<void> {
  const { name, size, here, label } = thing;
  const bytes = noise(size * MIB, at + 1);
  const part = bytes.length / PARTS;
  const parts = Array.from({ length: PARTS }, (_, n) =>
    [
      ["films", `${n + 1}-lantern.webm`],
      bytes.subarray(n * part, (n + 1) * part),
    ] as const);
  const torrent = await makeTorrent({
    name,
    content: name.includes(".") ? [[[], bytes]] : parts,
    pieceLength: PIECE,
    trackers: [thing.announce],
    beside: { comment: "Free to share" },
    ...(name.includes(".")
      ? { change: ({ files: _, ...info }) => ({ ...info, length: bytes.length }) }
      : {}),
  });
  if (here !== null) {
    let left = bytes.length * here;
    const known = torrent.files.map(([path, bytes]) => {
      const some = bytes.slice();
      some.fill(0, Math.max(0, Math.min(bytes.length, left)));
      left -= bytes.length;
      return [path, some] as const;
    });
    await scene.data({ ...torrent, files: known }, "data");
  }
  if (at === 0) {
    const path = await scene.torrent(torrent, "taken.torrent");
    scene.start(["get", path, "-d", "taken", "--listen-port", "0", "--max-download-limit", "180K"]);
  }
  if (here !== null && here < 1) {
    const path = await scene.torrent(torrent, `${at}.torrent`);
    for (const seed of ["one", "two", "three"]) {
      await scene.data(torrent, `${seed}-${at}`);
      await scene.seed(path, `${seed}-${at}`);
    }
  }
  await call(place, "torrent-add", {
    metainfo: torrent.bytes.toBase64(),
    paused: here === null,
    labels: label === undefined ? [] : [label],
  });
}

/** Shows a folder and a tracker of somebody else's. */
async function beElsewhere(page: Page, folder: string, tracker: string): Promise<void> {
  await page.route("**/transmission/rpc", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(folder, HOME).replaceAll(tracker, TRACKER);
    await route.fulfill({ response, body });
  });
}

/** Calls the manager. */
async function call(place: string, method: string, args: Record<string, unknown>): Promise<void> {
  const post = (session: string) =>
    fetch(`${place}/transmission/rpc`, {
      method: "POST",
      headers: { "x-transmission-session-id": session },
      body: JSON.stringify({ method, arguments: args }),
    });
  const first = await post("");
  await first.body?.cancel();
  const answer = await post(first.headers.get("x-transmission-session-id") ?? "");
  const { result } = await answer.json() as { result: string };
  if (result !== "success") throw new Error(`Expected ${method} to succeed: ${result}`);
}
