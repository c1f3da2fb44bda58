import { join } from "@std/path";
import { type Bench, interleave, type Turn } from "../bench.ts";
import { cpuSeconds } from "../cpu.ts";
import { LineProcess } from "../line_process.ts";
import type { Figures, Sample } from "../metric.ts";
import { makeTorrent, payloadRoom, writePayload } from "../payload.ts";
import { TM_GET } from "../programs/downloaders.ts";
import { PYTHON, pythonScript } from "../programs/program.ts";
import { LibtorrentSeeder, TM_SEED } from "../programs/seeders.ts";
import { readFrom, type Reading, worstDeviation } from "../received.ts";
import type { LimitWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Seconds until the first byte comes. */
const START_SECONDS = 20;
/** A limit counts from the second after the start on. */
const SETTLE_SECONDS = 1;
/** Over so many seconds it has to hold. */
const WINDOW_SECONDS = 10;
/** Seconds that are looked at, and between two looks. */
const WATCHED_SECONDS = 16;
const LOOK_SECONDS = 0.2;

/** The payload once, and once for each downloader. */
export function limitRoom(work: LimitWork): number {
  const downloaders = work.direction === "down" ? 1 : work.peers;
  return (1 + downloaders) * payloadRoom(work.payload);
}

/** tm under a limit, downloading from libtorrent or seeding to it; it is stopped when enough was seen. */
export async function runLimit(work: LimitWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "download");
  await writePayload(work.payload, source);
  await using tracker = new FixedTracker();
  await makeTorrent(source, torrent, tracker.url, work.pieceLength, signal);
  const perform = async (): Promise<Figures> => {
    await Deno.mkdir(target);
    const figures = work.direction === "down"
      ? await download(work, bench, tracker, torrent, source, target)
      : await upload(work, bench, tracker, torrent, source, target);
    await Deno.remove(target, { recursive: true });
    return figures;
  };
  const turns: Turn[] = [{ name: TM_GET.name, perform }];
  return await interleave(turns, bench);
}

async function download(
  work: LimitWork,
  { tm, signal }: Bench,
  tracker: FixedTracker,
  torrent: string,
  source: string,
  target: string,
): Promise<Figures> {
  await using seeder = await LibtorrentSeeder.start(torrent, source, work.peers, signal);
  tracker.peers = seeder.peers;
  const command = TM_GET.command(torrent, target, tm);
  const limit = ["--max-overall-download-limit", `${work.bytesPerSecond}`];
  await using child = new LineProcess([...command, ...limit], signal);
  child.drain();
  return await watch(work, child.pid, seeder.peers.map(({ port }) => port), signal);
}

async function upload(
  work: LimitWork,
  { tm, signal }: Bench,
  tracker: FixedTracker,
  torrent: string,
  source: string,
  target: string,
): Promise<Figures> {
  const limit = ["--max-overall-upload-limit", `${work.bytesPerSecond}`];
  await using seeder = await TM_SEED.serve(torrent, source, tm, signal, limit);
  tracker.peers = seeder.peers;
  const script = pythonScript("libtorrent_get.py");
  const command = [PYTHON, script, torrent, target, `${work.peers}`];
  await using child = new LineProcess(command, signal);
  child.drain();
  return await watch(work, seeder.pid, seeder.peers.map(({ port }) => port), signal);
}

/** Watches what is read from connections to `ports`, while process `pid` works. */
async function watch(
  work: LimitWork,
  pid: number,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<Figures> {
  const deadline = performance.now() / 1000 + START_SECONDS;
  for (;;) {
    const { at, bytes } = await readFrom(ports, signal);
    // a handshake is not what the limit is about
    if (bytes > 16_384 * work.peers) break;
    if (at > deadline) throw new Error(`Expected data within ${START_SECONDS} s, got none`);
    await pause(LOOK_SECONDS / 4);
  }
  await pause(SETTLE_SECONDS);
  const before = await cpuSeconds(pid);
  const readings: Reading[] = [await readFrom(ports, signal)];
  const [first] = readings as [Reading];
  while (readings.at(-1)!.at - first.at < WATCHED_SECONDS) {
    await pause(LOOK_SECONDS);
    readings.push(await readFrom(ports, signal));
  }
  const last = readings.at(-1)!;
  const seconds = last.at - first.at;
  return {
    rate: (last.bytes - first.bytes) / seconds / 1000,
    offLimitPercent: worstDeviation(readings, work.bytesPerSecond, WINDOW_SECONDS),
    busyPercent: (await cpuSeconds(pid) - before) / seconds * 100,
  };
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
