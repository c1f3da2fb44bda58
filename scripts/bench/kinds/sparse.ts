import { join } from "@std/path";
import { run } from "../../../tests/interop/harness/run.ts";
import { type Bench, interleave } from "../bench.ts";
import { costFigures, measure } from "../measure.ts";
import type { Sample } from "../metric.ts";
import { Noise } from "../noise.ts";
import { PAYLOAD_NAME } from "../payload.ts";
import { PYTHON, pythonScript } from "../programs/program.ts";
import { LibtorrentSeeder } from "../programs/seeders.ts";
import type { SparseWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Seconds one check and download may take. */
const LIMIT_SECONDS = 300;

/** What is not a hole, once; and all of it, or tm would find that it does not fit. Little is written. */
export function sparseRoom(work: SparseWork): number {
  return work.bytes / work.dataEvery + work.bytes;
}

/**
 * A torrent of a large file of zeros with some pieces of data. The downloader finds a file of the same size
 * that is one hole, checks it, and downloads the data.
 */
export async function runSparse(work: SparseWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const { bytes, pieceLength, dataEvery } = work;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "download");
  const payload = join(source, PAYLOAD_NAME);
  await Deno.mkdir(source);
  writeSparse(payload, work);
  await using tracker = new FixedTracker();
  const script = pythonScript("sparse_torrent.py");
  await run(
    [PYTHON, script, payload, torrent, tracker.url, `${pieceLength}`, `${dataEvery}`],
    {},
    signal,
  );
  await using seeder = await LibtorrentSeeder.start(torrent, source, 1, signal);
  tracker.peers = seeder.peers;
  const turns = work.programs.map((program) => ({
    name: program.name,
    perform: async () => {
      await Deno.mkdir(target);
      using hole = Deno.openSync(join(target, PAYLOAD_NAME), { write: true, createNew: true });
      hole.truncateSync(bytes);
      await seeder.watch();
      const command = program.command(torrent, target, tm);
      const cost = await measure(command, { seconds: LIMIT_SECONDS }, folder, signal);
      const sent = await seeder.transfer();
      if (sent.bytes < bytes / dataEvery) {
        throw new Error(`Expected ${program.name} to download all data, got ${sent.bytes} bytes`);
      }
      await Deno.remove(target, { recursive: true });
      // Nearly all of the time that it does not download it checks.
      const checkSeconds = cost.wallSeconds - sent.seconds;
      return { ...costFigures(cost, bytes), checkSpeed: bytes / 1e6 / checkSeconds };
    },
  }));
  return await interleave(turns, bench);
}

function writeSparse(path: string, { bytes, pieceLength, dataEvery }: SparseWork): void {
  const noise = new Noise();
  using file = Deno.openSync(path, { write: true, createNew: true });
  file.truncateSync(bytes);
  for (let at = 0; at < bytes; at += pieceLength * dataEvery) {
    file.seekSync(at, Deno.SeekMode.Start);
    noise.writeTo(file, pieceLength);
  }
}
