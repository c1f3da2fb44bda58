/**
 * `deno task demo`: a swarm of our own on this machine. Makes a payload, a torrent, a tracker and a
 * seeder, each a process of its own, downloads with `tm get` and compares SHA-256.
 * Leaves nothing behind, also when it fails or is interrupted.
 */
import { digestFile, writePayload } from "./demo/payload.ts";
import { Processes } from "./demo/processes.ts";

const MIB = 2 ** 20;
const SIZE = 256 * MIB;

/** Longer than the slowest machine needs: the demo never hangs. */
const LIMIT_MS = 300_000;
const READY_MS = 60_000;

/** Exit codes: a failure, and what a shell gives for Ctrl-C. */
const FAILED = 1;
const INTERRUPTED = 130;

class Interrupted extends Error {}

function say(line: string): void {
  // deno-lint-ignore no-console -- a script's output
  console.log(line);
}

/** The demo itself, in the empty folder `folder`. Throws `Error` at the first thing that goes wrong. */
async function play(folder: string, tm: Processes, signal: AbortSignal): Promise<void> {
  const ready = () => AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const [shared, fetched] = [`${folder}/shared`, `${folder}/fetched`];
  const torrent = `${folder}/payload.torrent`;
  await Deno.mkdir(shared);
  await Deno.mkdir(fetched);

  say(`1/5  A payload of ${SIZE / MIB} MiB`);
  const expected = await writePayload(`${shared}/payload.bin`, SIZE, signal);

  say("2/5  A tracker: tm tracker");
  const listening = await tm.serve(
    ["tracker", "--listen", "127.0.0.1:0"],
    (event) => event.type === "listening" && typeof event.url === "string",
    ready(),
  );
  const url = String(listening.url);

  say(`3/5  A torrent: tm create -a ${url}`);
  await tm.run(["create", `${shared}/payload.bin`, "-o", torrent, "-a", url, "-q"], ready());

  say("4/5  A seeder: tm seed");
  await tm.serve(
    ["seed", torrent, "-d", shared, "--listen-port", "0", "--no-dht", "--no-lsd"],
    (event) => event.type === "progress" && event.state === "seeding",
    ready(),
  );

  say("5/5  A download: tm get\n");
  const start = performance.now();
  await tm.run(
    ["get", torrent, "-d", fetched, "--listen-port", "0", "--no-dht", "--no-lsd"],
    signal,
  );
  const seconds = (performance.now() - start) / 1_000;

  const actual = await digestFile(`${fetched}/payload.bin`, signal);
  if (actual !== expected) throw new Error(`Expected SHA-256 ${expected}, got ${actual}`);
  say(`\nSHA-256 ${actual.slice(0, 32)}… is the same on both sides`);
  const speed = Math.round(SIZE / MIB / seconds);
  say(`${SIZE / MIB} MiB in ${seconds.toFixed(1)} s, ${speed} MiB/s, start and stop included`);
}

/** Plays the demo and cleans up after it; the exit code. */
async function main(): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Interrupted());
  const windows = Deno.build.os === "windows";
  const signals: Deno.Signal[] = windows ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of signals) Deno.addSignalListener(name, interrupt);

  // Under the working folder, because the system's temporary folder may be small and in memory.
  const folder = await Deno.makeTempDir({ dir: Deno.cwd(), prefix: "tm-demo-" });
  const tm = new Processes(`${import.meta.dirname}/../mod.ts`, folder);
  try {
    await play(folder, tm, AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT_MS)]));
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return INTERRUPTED;
    say(`The demo failed: ${error instanceof Error ? error.message : error}`);
    return FAILED;
  } finally {
    await tm.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main());
