import { join } from "@std/path";
import { createTorrent } from "../../../src/metainfo/mod.ts";
import { type Bench, interleave } from "../bench.ts";
import { cpuSeconds, peakBytes } from "../cpu.ts";
import { LineProcess } from "../line_process.ts";
import { type Figures, median, type Sample } from "../metric.ts";
import { Noise } from "../noise.ts";
import { ALONE } from "../programs/program.ts";
import { LibtorrentSeeder } from "../programs/seeders.ts";
import { Rpc } from "../rpc.ts";
import type { ManagerWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

const PIECE_LENGTH = 16 * 1024;
const FILE_BYTES = 40_000;
/** Torrents that are downloaded at once while answers are clocked, a gibibyte together. */
const MOVING = 10;
const MOVING_BYTES = 102 * 1024 * 1024;
const MOVING_PIECE = 1024 * 1024;

const START_SECONDS = 60;
const SETTLE_SECONDS = 5;
/** For half a minute after somebody asked, a manager keeps what it shows fresh. */
const UNASKED_SECONDS = 35;
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

/** What somebody asks once a second who looks at one torrent. */
const DETAILS = ["peers", "files", "trackerStats", "pieces"];
const DETAILS_SECONDS = 1;

export function managerRoom({ torrents }: ManagerWork): number {
  return torrents * 3 * 16 * 1024 + 3 * MOVING * MOVING_BYTES;
}

/**
 * A manager with many torrents that are complete and idle: its start, its answers, what it costs, and its answers while
 * ten more torrents come at full speed.
 */
export async function runManager(work: ManagerWork, bench: Bench): Promise<Sample[]> {
  const folder = join(bench.folder, "managed");
  const source = join(bench.folder, "seed");
  await Deno.mkdir(folder);
  await Deno.mkdir(source);
  await using tracker = new FixedTracker();
  const moving = await makeMoving(source, tracker.url);
  await using seeder = await LibtorrentSeeder.start(moving, source, 1, bench.signal);
  tracker.peers = seeder.peers;
  await fill(folder, work.torrents, bench);
  const turns = work.programs.map(({ name }) => ({
    name,
    perform: () => round(folder, moving, work.torrents, bench),
  }));
  return await interleave(turns, bench);
}

/** Writes what is to be downloaded into `folder`, and the torrents of it; their paths. */
async function makeMoving(folder: string, announce: string): Promise<string[]> {
  const noise = new Noise();
  const paths: string[] = [];
  for (let i = 0; i < MOVING; i++) {
    const name = `moving-${i}`;
    const path = join(folder, name);
    noise.write(path, MOVING_BYTES);
    const data = await Deno.readFile(path);
    const torrent = await torrentOf(name, data, MOVING_PIECE, [[announce]]);
    paths.push(`${path}.torrent`);
    await Deno.writeFile(`${path}.torrent`, torrent);
  }
  return paths;
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
    const metainfo = (await torrentOf(name, await Deno.readFile(path), PIECE_LENGTH)).toBase64();
    await rpc.call("torrent-add", { metainfo });
  }
  await until(rpc, (torrents) => torrents.every(({ status }) => status === 6), bench.signal);
}

async function torrentOf(
  name: string,
  data: Uint8Array<ArrayBuffer>,
  pieceLength: number,
  trackers: readonly (readonly string[])[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += pieceLength) {
    const piece = data.subarray(at, at + pieceLength);
    hashes.push(new Uint8Array(await crypto.subtle.digest("SHA-1", piece)));
  }
  const pieceHashes = new Uint8Array(hashes.length * 20);
  hashes.forEach((hash, i) => pieceHashes.set(hash, i * 20));
  const files = [{ path: [], length: data.length }];
  return createTorrent({ name, files, pieceLength, pieceHashes }, { trackers });
}

async function round(
  folder: string,
  moving: readonly string[],
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
  await pause(UNASKED_SECONDS);
  const cpu = await cpuSeconds(daemon.pid);
  const from = performance.now();
  await pause(IDLE_SECONDS);
  const idle = (await cpuSeconds(daemon.pid) - cpu) * 1e5 / (performance.now() - from);
  const peakMebibytes = await peakBytes(daemon.pid) / 2 ** 20;
  const busy = await answersAtFullSpeed(rpc, moving, signal);
  return {
    seconds,
    answerMilliseconds: median(answers),
    listMilliseconds: median(lists),
    busyMilliseconds: busy,
    idlePercent: idle,
    peakMebibytes,
  };
}

/**
 * Milliseconds that 99 of 100 answers take at most while torrents are downloaded, to somebody who asks how they are and
 * how the manager is without a pause to speak of, and for the details of one once a second.
 */
async function answersAtFullSpeed(
  rpc: Rpc,
  moving: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const ids: number[] = [];
  for (const path of moving) {
    const metainfo = (await Deno.readFile(path)).toBase64();
    const { "torrent-added": added } = await rpc.call("torrent-add", { metainfo }) as {
      "torrent-added": { id: number };
    };
    ids.push(added.id);
  }
  const took: number[] = [];
  let moves = false;
  const clocked = async (method: string, args: Record<string, unknown>) => {
    const begin = performance.now();
    const answer = await rpc.call(method, args);
    if (moves) took.push(performance.now() - begin);
    await pause(0.005);
    return answer;
  };
  let lookedAt = 0;
  for (let all = false; !all;) {
    signal.throwIfAborted();
    const { torrents } = await clocked("torrent-get", { ids, fields: FIELDS }) as {
      torrents: { percentDone: number; rateDownload: number }[];
    };
    moves = torrents.some(({ rateDownload }) => rateDownload > 0);
    all = torrents.every(({ percentDone }) => percentDone === 1);
    await clocked("session-stats", {});
    await clocked("session-get", {});
    if (performance.now() - lookedAt < DETAILS_SECONDS * 1000) continue;
    lookedAt = performance.now();
    await clocked("torrent-get", { ids: ids.slice(0, 1), fields: DETAILS });
  }
  await rpc.call("torrent-remove", { ids, "delete-local-data": true });
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
