import { DatabaseSync } from "node:sqlite";
import { Bitfield } from "../../../src/base/mod.ts";
import type { Scene } from "./scene.ts";
import type { TestTorrent } from "./torrent.ts";

/**
 * The pieces that `<folder>/.tm/state.db` has as good. It reads a copy of the database and its log: opening the
 * original would tidy up what a killed `tm` has left behind.
 */
export async function recordedPieces(
  scene: Scene,
  folder: string,
  torrent: TestTorrent,
): Promise<Set<number>> {
  const copy = scene.path("record");
  await Deno.mkdir(copy, { recursive: true });
  for (const name of ["state.db", "state.db-wal"]) {
    await Deno.remove(`${copy}/${name}`).catch(ignoreMissing);
    await Deno.copyFile(scene.path(`${folder}/.tm/${name}`), `${copy}/${name}`)
      .catch(ignoreMissing);
  }
  if (!await Deno.stat(`${copy}/state.db`).then(() => true, () => false)) return new Set();
  using database = new DatabaseSync(`${copy}/state.db`);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'torrents'").all();
  if (tables.length === 0) return new Set();
  const row = database.prepare("SELECT good FROM torrents WHERE info_hash = ?")
    .get(torrent.infoHash);
  if (row === undefined) return new Set();
  const good = Bitfield.fromWire(row["good"] as Uint8Array, torrent.pieceCount);
  if (good === null) throw new Error("Expected a bitfield of the torrent's pieces in the record");
  return new Set(good);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
