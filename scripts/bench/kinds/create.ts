import { join } from "@std/path";
import { type Bench, interleave } from "../bench.ts";
import { costFigures, measure } from "../measure.ts";
import type { Sample } from "../metric.ts";
import { PAYLOAD_NAME, payloadBytes, payloadRoom, writePayload } from "../payload.ts";
import type { CreateWork } from "../scenario.ts";

/** Seconds one torrent may take. */
const LIMIT_SECONDS = 120;

export function createRoom(work: CreateWork): number {
  return payloadRoom(work.payload);
}

/** Makers of torrents in turn, whole processes; throws when their torrents differ in a hash. */
export async function runCreate(work: CreateWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "made.torrent");
  const bytes = payloadBytes(work.payload);
  await writePayload(work.payload, source);
  let hashes: string | undefined;
  const turns = work.programs.map((program) => ({
    name: program.name,
    perform: async () => {
      const payload = join(source, PAYLOAD_NAME);
      const command = program.command(payload, torrent, work.pieceLength, tm);
      const cost = await measure(command, { seconds: LIMIT_SECONDS }, folder, signal);
      const made = piecesOf(await Deno.readFile(torrent));
      hashes ??= made;
      if (made !== hashes) {
        throw new Error(`Expected other hashes in the torrent of ${program.name}`);
      }
      await Deno.remove(torrent);
      return costFigures(cost, bytes);
    },
  }));
  return await interleave(turns, bench);
}

/** What stands in a torrent under `pieces`, a character a byte. */
export function piecesOf(torrent: Uint8Array): string {
  const text = Array.from(torrent, (byte) => String.fromCharCode(byte)).join("");
  const found = /6:pieces(\d+):/.exec(text);
  if (found === null) throw new Error("Expected a torrent with pieces, got none");
  const start = found.index + found[0].length;
  return text.slice(start, start + Number(found[1]));
}
