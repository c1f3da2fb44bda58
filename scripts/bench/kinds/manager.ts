import { join } from "@std/path";
import { createTorrent } from "../../../src/metainfo/mod.ts";
import { type Bench, interleave } from "../bench.ts";
import { cpuSeconds, peakBytes } from "../cpu.ts";
import { LineProcess } from "../line_process.ts";
import { type Figures, median, type Sample } from "../metric.ts";
import { Noise } from "../noise.ts";
import { makeTorrent, PAYLOAD_NAME, payloadRoom, writePayload } from "../payload.ts";
import { ALONE } from "../programs/program.ts";
import { LibtorrentSeeder } from "../programs/seeders.ts";
import { Rpc } from "../rpc.ts";
import type { ManagerWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

const PIECE_LENGTH = 16 * 1024;
const FILE_BYTES = 40_000;
/** What is downloaded while its answers are clocked. */
const LARGE = { kind: "file", bytes: 1024 * 1024 * 1024 } as const;
const LARGE_PIECE = 1024 * 1024;

const START_SECONDS = 60;
const SETTLE_SECONDS = 5;
const IDLE_SECONDS = 10;
const CALLS = 20;

/** Twelve fields that a list shows. */
const FIELDS = [
  "id",
  "name",
  "hashString",
  "status",
  "percentDone",
  "totalSize",
  "rateDownload",
  "rateUpload",
  "eta",
  "uploadRatio",
  "peersConnected",
  "errorString",
];

export function managerRoom({ torrents }: ManagerWork): number {
  return torrents * 3 * 16 * 1024 + 3 * payloadRoom(LARGE);
}

/** A manager with many torrents that are complete and idle: its start, its answers, what it costs, and its answers at full speed. */
export async function runManager(work: ManagerWork, bench: Bench): Promise<Sample[]> {
  const folder = join(bench.folder, "managed");
  const source = join(bench.folder, "seed");
  const large = join(bench.folder, "large.torrent");
  await Deno.mkdir(folder);
  await writePayload(LARGE, source);
  await using tracker = new FixedTracker();
  await makeTorrent(source, large, tracker.url, LARGE_PIECE, bench.signal);
  await using seeder = await LibtorrentSeeder.start(large, source, 1, bench.signal);
  tracker.peers = seeder.peers;
  await fill(folder, work.torrents, bench);
  const turns = work.programs.map(({ name }) => ({
    name,
    perform: () => round(folder, large, work.torrents, bench),
  }));
  return await interleave(turns, bench);
}

/** Has a manager take in so many small torrents, whose files are there. */
async function fill(folder: string, count: number, bench: Bench): Promise<void> {
  await using daemon = start(folder, bench);
  const rpc = await ready(daemon);
  daemon.drain();
  await rpc.call("session-set", { "download-queue-enabled": false });
  const noise = new Noise();
  for (let i = 0; i < count; i++) {
    const name = `torrent-${String(i).padStart(4, "0")}`;
    const path = join(folder, name);
    noise.write(path, FILE_BYTES);
    const metainfo = (await torrentOf(name, await Deno.readFile(path))).toBase64();
    await rpc.call("torrent-add", { metainfo });
  }
  await until(rpc, (torrents) => torrents.every(({ status }) => status === 6), bench.signal);
}

async function torrentOf(name: string, data: Uint8Array): Promise<Uint8Array> {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += PIECE_LENGTH) {
    const piece = data.slice(at, at + PIECE_LENGTH);
    hashes.push(new Uint8Array(await crypto.subtle.digest("SHA-1", piece)));
  }
  const pieceHashes = new Uint8Array(hashes.length * 20);
  hashes.forEach((hash, i) => pieceHashes.set(hash, i * 20));
  const files = [{ path: [], length: data.length }];
  return createTorrent({ name, files, pieceLength: PIECE_LENGTH, pieceHashes }, {});
}

async function round(
  folder: string,
  large: string,
  count: number,
  bench: Bench,
): Promise<Figures> {
  const { signal } = bench;
  const begin = performance.now();
  await using daemon = start(folder, bench);
  const rpc = await ready(daemon);
  daemon.drain();
  await until(rpc, (torrents) => torrents.length === count && torrents.every(isUp), signal);
  const seconds = (performance.now() - begin) / 1000;
  await pause(SETTLE_SECONDS);
  const answers = await clock(CALLS, () => rpc.call("torrent-get", { fields: FIELDS }));
  const lists = await clock(CALLS / 4, () => list(bench, rpc.port));
  await pause(1);
  const cpu = await cpuSeconds(daemon.pid);
  const from = performance.now();
  await pause(IDLE_SECONDS);
  const idle = (await cpuSeconds(daemon.pid) - cpu) * 1e5 / (performance.now() - from);
  const peakMebibytes = await peakBytes(daemon.pid) / 2 ** 20;
  const busy = await answersAtFullSpeed(rpc, large, join(folder, PAYLOAD_NAME), signal);
  return {
    seconds,
    answerMilliseconds: median(answers),
    listMilliseconds: median(lists),
    busyMilliseconds: busy,
    idlePercent: idle,
    peakMebibytes,
  };
}

/** Milliseconds that 99 of 100 answers take at most while a torrent is downloaded. */
async function answersAtFullSpeed(
  rpc: Rpc,
  large: string,
  payload: string,
  signal: AbortSignal,
): Promise<number> {
  const metainfo = (await Deno.readFile(large)).toBase64();
  const { "torrent-added": added } = await rpc.call("torrent-add", { metainfo }) as {
    "torrent-added": { id: number };
  };
  const ids = [added.id];
  const took: number[] = [];
  for (let done = 0; done < 1;) {
    signal.throwIfAborted();
    const begin = performance.now();
    const { torrents: [torrent] } = await rpc.call("torrent-get", { ids, fields: FIELDS }) as {
      torrents: [{ percentDone: number; rateDownload: number }];
    };
    if (torrent.rateDownload > 0) took.push(performance.now() - begin);
    done = torrent.percentDone;
    await pause(0.005);
  }
  await rpc.call("torrent-remove", { ids, "delete-local-data": true });
  await Deno.remove(payload).catch(() => {});
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99)] ?? NaN;
}

function start(folder: string, { tm, signal }: Bench): LineProcess {
  const network = ["--listen-port", "0", ...ALONE];
  return new LineProcess(
    [tm, "daemon", "-d", folder, "--rpc", "127.0.0.1:0", "--json", ...network],
    signal,
    "null",
  );
}

async function ready(daemon: LineProcess): Promise<Rpc> {
  const line = await daemon.line(START_SECONDS, (line) => JSON.parse(line).type === "ready");
  return new Rpc(JSON.parse(line).place);
}

interface Listed {
  readonly status: number;
}

/** It seeds. */
function isUp({ status }: Listed): boolean {
  return status === 6;
}

async function until(
  rpc: Rpc,
  wanted: (torrents: readonly Listed[]) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + START_SECONDS * 1000;
  for (;;) {
    const { torrents } = await rpc.call("torrent-get", { fields: ["status"] }) as {
      torrents: Listed[];
    };
    if (wanted(torrents)) return;
    signal.throwIfAborted();
    if (performance.now() > deadline) throw new Error("Expected all torrents to seed in time");
    await pause(0.05);
  }
}

async function list({ tm, folder, signal }: Bench, port: number): Promise<void> {
  const { code } = await new Deno.Command(tm, {
    args: ["list", "--host", `127.0.0.1:${port}`],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
    signal,
  }).output();
  if (code !== 0) throw new Error(`Expected exit code 0 from tm list, got ${code}`);
}

async function clock(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await work();
    took.push(performance.now() - begin);
  }
  return took;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
