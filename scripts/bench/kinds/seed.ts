import { join } from "@std/path";
import { type Bench, interleave, type Turn } from "../bench.ts";
import { cpuSeconds, peakBytes } from "../cpu.ts";
import { measure } from "../measure.ts";
import type { Figures, Sample } from "../metric.ts";
import { digest, makeTorrent, payloadBytes, payloadRoom, writePayload } from "../payload.ts";
import { PYTHON, pythonScript } from "../programs/program.ts";
import type { Serving } from "../programs/seeders.ts";
import type { SeedWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Seconds the leechers may take. */
const LIMIT_SECONDS = 180;

/** The payload once, and once for each leecher. */
export function seedRoom(work: SeedWork): number {
  return (1 + work.leechers) * payloadRoom(work.payload);
}

/** Seeders in turn, all started before the first round; the leechers' time from start to exit counts. */
export async function runSeed(work: SeedWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "download");
  const bytes = payloadBytes(work.payload) * work.leechers;
  await writePayload(work.payload, source);
  await using tracker = new FixedTracker();
  await makeTorrent(source, torrent, tracker.url, work.pieceLength, signal);
  const wanted = await digest(work.payload, source, signal);
  const several = work.leechers > 1;
  const count = several ? [`${work.leechers}`] : [];
  const command = [PYTHON, pythonScript("libtorrent_get.py"), torrent, target, ...count];
  const folders = several
    ? Array.from({ length: work.leechers }, (_, i) => join(target, `${i}`))
    : [target];
  const perform = async (seeder: Serving, name: string, round: number): Promise<Figures> => {
    tracker.peers = seeder.peers;
    await Deno.mkdir(target);
    const before = await cpuSeconds(seeder.pid);
    const cost = await measure(command, { seconds: LIMIT_SECONDS }, folder, signal);
    const seederCpuSeconds = await cpuSeconds(seeder.pid) - before;
    for (const each of round === 0 ? folders : []) {
      if (await digest(work.payload, each, signal) === wanted) continue;
      throw new Error(`Expected ${name} to serve the payload, got another SHA-256`);
    }
    await Deno.remove(target, { recursive: true });
    return {
      speed: bytes / 1e6 / cost.wallSeconds,
      seconds: cost.wallSeconds,
      seederCpuSeconds,
      // Of its whole life: it grows to it in the first rounds.
      peakMebibytes: await peakBytes(seeder.pid) / 2 ** 20,
    };
  };
  await using stack = new AsyncDisposableStack();
  const turns: Turn[] = [];
  for (const program of work.programs) {
    const seeder = stack.use(await program.serve(torrent, source, tm, signal));
    const { name } = program;
    turns.push({ name, perform: (round) => perform(seeder, name, round) });
  }
  return await interleave(turns, bench);
}
