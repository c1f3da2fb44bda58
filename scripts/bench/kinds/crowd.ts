import { join } from "@std/path";
import { run } from "../../../tests/interop/harness/run.ts";
import type { Bench } from "../bench.ts";
import { interleave } from "../bench.ts";
import { cpuSeconds, peakBytes } from "../cpu.ts";
import { LineProcess } from "../line_process.ts";
import type { Figures, Sample } from "../metric.ts";
import { PAYLOAD_NAME, payloadRoom, writePayload } from "../payload.ts";
import { ALONE, PYTHON, pythonScript } from "../programs/program.ts";
import type { CrowdWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Large enough that it does not become complete while the crowd serves. */
const PAYLOAD = { kind: "file", bytes: 64 * 1024 * 1024 } as const;
const PIECE_LENGTH = 256 * 1024;

/** Seconds that all connections may take to come up. */
const CONNECT_SECONDS = 60;
/** Seconds that the active peers serve. */
const SERVE_SECONDS = 10;
/** Seconds between the last block and the idle time that is measured, and of that time. */
const SETTLE_SECONDS = 3;
const IDLE_SECONDS = 10;

/** Its answer to `count`. */
interface Count {
  readonly connections: number;
  readonly active: number;
  /** Payload bytes. */
  readonly sent: number;
}

export function crowdRoom(work: CrowdWork): number {
  return (1 + work.torrents) * payloadRoom(PAYLOAD);
}

/**
 * tm downloads several torrents of one payload from a crowd in which few send; then nobody does. CPU time is
 * measured while nobody does, memory all the way.
 */
export async function runCrowd(work: CrowdWork, bench: Bench): Promise<Sample[]> {
  const source = join(bench.folder, "seed");
  await writePayload(PAYLOAD, source);
  await using stack = new AsyncDisposableStack();
  const payload = join(source, PAYLOAD_NAME);
  const active = work.active / work.torrents;
  const crowd = stack.use(
    new LineProcess([
      ...[PYTHON, pythonScript("crowd.py"), payload, `${PIECE_LENGTH}`, `${active}`],
    ], bench.signal),
  );
  const port = Number((await crowd.line(10, () => true)).split(" ")[1]);
  const torrents: string[] = [];
  for (let i = 0; i < work.torrents; i++) {
    const tracker = stack.use(new FixedTracker());
    tracker.peers = Array.from(
      { length: work.peersPerTorrent },
      (_, peer) => ({ address: [127, 1, i, peer + 1], port }),
    );
    const torrent = join(bench.folder, `${i}.torrent`);
    const named = ["-n", `payload-${i}`, "-a", tracker.url, "-o", torrent, payload];
    await run(["mktorrent", "-d", "-l", `${Math.log2(PIECE_LENGTH)}`, ...named], {}, bench.signal);
    torrents.push(torrent);
  }
  const turns = work.programs.map(({ name }) => ({
    name,
    perform: () => watch(torrents, crowd, bench, work.torrents * work.peersPerTorrent),
  }));
  return await interleave(turns, bench);
}

async function watch(
  torrents: readonly string[],
  crowd: LineProcess,
  bench: Bench,
  wanted: number,
): Promise<Figures> {
  const target = join(bench.folder, "download");
  await Deno.mkdir(target);
  const options = ["-d", target, "--listen-port", "0", "--stall-timeout", "0", "--json", ...ALONE];
  const figures = await (async () => {
    await using tm = new LineProcess(
      [bench.tm, "get", ...torrents, ...options],
      bench.signal,
      "null",
    );
    tm.drain();
    const { connections } = await connected(crowd, bench.signal, wanted);
    const before = await count(crowd);
    const started = performance.now();
    await crowd.write("serve");
    await sleep(SERVE_SECONDS, bench.signal);
    await crowd.write("rest");
    const { sent } = await count(crowd);
    const served = (performance.now() - started) / 1000;
    await sleep(SETTLE_SECONDS, bench.signal);
    const cpu = await cpuSeconds(tm.pid);
    const from = performance.now();
    await sleep(IDLE_SECONDS, bench.signal);
    const idle = await cpuSeconds(tm.pid) - cpu;
    const seconds = (performance.now() - from) / 1000;
    const peak = await peakBytes(tm.pid);
    return {
      speed: (sent - before.sent) / 1e6 / served,
      peakMebibytes: peak / 2 ** 20,
      idlePercent: 100 * idle / seconds,
      // Those that stayed to the end.
      connections: Math.min(connections, (await count(crowd)).connections),
    };
  })();
  await Deno.remove(target, { recursive: true });
  return figures;
}

/** Waits until all are connected; whoever is missing after a while is not waited for. */
async function connected(crowd: LineProcess, signal: AbortSignal, wanted: number): Promise<Count> {
  const deadline = performance.now() + CONNECT_SECONDS * 1000;
  for (;;) {
    const now = await count(crowd);
    if (now.connections >= wanted || performance.now() > deadline) return now;
    await sleep(0.2, signal);
  }
}

async function count(crowd: LineProcess): Promise<Count> {
  await crowd.write("count");
  return JSON.parse(await crowd.line(10, (line) => line.startsWith("{")));
}

async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
  signal.throwIfAborted();
}
