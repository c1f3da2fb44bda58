import { assert, assertEquals } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import { seeder } from "./harness/peer.ts";
import { recordedPieces } from "./harness/record.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, sha256 } from "./harness/torrent.ts";

const KILLS = 20;
/** Kills fall into the first so many milliseconds of a run: start, check, download and sync. */
const WINDOW_MS = 1600;
const PIECE_LENGTH = 32 * 1024;

Deno.test("a download survives 20 kill -9 and never fetches a recorded piece again", async () => {
  const [given] = Deno.args.filter((arg) => /^--seed=\d+$/.test(arg));
  const seed = given === undefined
    ? crypto.getRandomValues(new Uint32Array(1))[0]!
    : Number(given.slice("--seed=".length));
  try {
    await survive(new SeededRandom(seed));
  } catch (error) {
    throw new Error(`Failed with --seed=${seed}`, { cause: error });
  }
});

async function survive(random: SeededRandom): Promise<void> {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 30_000_000, pieceLength: PIECE_LENGTH });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, "--listen-port", "0", "--json"];
  let recorded = new Set<number>();
  /** Pieces that were recorded before one of the kills, for the test to have tested something. */
  let grown = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    peer.pieces.length = 0;
    // so slow that even the longest twenty runs leave something to download
    const tm = scene.start([...get, "--max-download-limit", "900K"]);
    await new Promise((resolve) => setTimeout(resolve, random.below(WINDOW_MS)));
    tm.signal("SIGKILL");
    const { code, stderr } = await tm.end();
    assertEquals([code, stderr], [137, ""], `run ${kill + 1}: ${tm.describe()}`);
    for (const piece of peer.pieces) {
      assert(!recorded.has(piece), `Run ${kill + 1} fetched piece ${piece} again`);
    }
    const now = await recordedPieces(scene, "downloads", torrent);
    for (const piece of recorded) assert(now.has(piece), `The record lost piece ${piece}`);
    if (now.size > recorded.size) grown++;
    recorded = now;
    await assertTrue(scene, torrent.payload, recorded);
  }
  assert(grown >= 3, `Expected some kills in the middle, the record grew ${grown} times`);
  peer.pieces.length = 0;
  const last = scene.start(get);
  assertEquals((await last.end()).code, 0, last.describe());
  assert(peer.pieces.every((piece) => !recorded.has(piece)), "The last run fetched a piece again");
  const file = await Deno.readFile(scene.path("downloads/sample"));
  assertEquals(await sha256(file), await sha256(torrent.payload));
}

/** Expects every recorded piece to be on disk. */
async function assertTrue(
  scene: Scene,
  payload: Uint8Array,
  recorded: ReadonlySet<number>,
): Promise<void> {
  if (recorded.size === 0) return;
  const file = await Deno.readFile(scene.path("downloads/sample"));
  for (const piece of recorded) {
    const [from, to] = [piece * PIECE_LENGTH, (piece + 1) * PIECE_LENGTH];
    assertEquals(
      file.subarray(from, to),
      payload.subarray(from, to),
      `Piece ${piece} is not there`,
    );
  }
}
