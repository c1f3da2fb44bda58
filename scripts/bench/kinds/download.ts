import { join } from "@std/path";
import { type Bench, interleave } from "../bench.ts";
import { costFigures, measure } from "../measure.ts";
import type { Sample } from "../metric.ts";
import {
  digest,
  makeTorrent,
  payloadBytes,
  payloadRoom,
  sizeOnDisk,
  writePayload,
} from "../payload.ts";
import { LibtorrentSeeder } from "../programs/seeders.ts";
import type { DownloadWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Seconds one download may take. */
const LIMIT_SECONDS = 180;

/** The payload twice. */
export function downloadRoom(work: DownloadWork): number {
  return 2 * payloadRoom(work.payload);
}

/** Downloaders in turn: whole processes, from start to exit. */
export async function runDownload(work: DownloadWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "download");
  const bytes = payloadBytes(work.payload);
  await writePayload(work.payload, source);
  await using tracker = new FixedTracker();
  await makeTorrent(source, torrent, tracker.url, work.pieceLength);
  const wanted = await digest(source);
  await using seeder = await LibtorrentSeeder.start(torrent, source, work.seeders, signal);
  tracker.peers = seeder.ports;
  return await interleave(work.programs, bench, async (program, round) => {
    await Deno.mkdir(target);
    await seeder.watch();
    const command = program.command(torrent, target, tm);
    const cost = await measure(command, { seconds: LIMIT_SECONDS }, folder, signal);
    const { seconds } = await seeder.transfer();
    const size = await sizeOnDisk(work.payload, target);
    if (size !== bytes) {
      throw new Error(`Expected ${bytes} bytes from ${program.name}, got ${size}`);
    }
    // Once is enough: it takes as long as the download.
    if (round === 0 && await digest(target) !== wanted) {
      throw new Error(`Expected ${program.name} to write the payload, got another SHA-256`);
    }
    await Deno.remove(target, { recursive: true });
    return { ...costFigures(cost, bytes), transferSpeed: bytes / 1e6 / seconds };
  });
}
