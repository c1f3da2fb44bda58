import { join } from "@std/path";
import { type Bench, interleave } from "../bench.ts";
import type { Figures, Sample } from "../metric.ts";
import { makeTorrent, payloadRoom, writePayload } from "../payload.ts";
import type { Downloader } from "../programs/downloaders.ts";
import type { StartWork } from "../scenario.ts";
import { FixedTracker, localPeer } from "../tracker.ts";
import { WaitingPeer } from "../waiting_peer.ts";

/** A small torrent: it is the program's start that is measured. */
const PIECES = 64;
const PIECE_LENGTH = 256 * 1024;
const PAYLOAD = { kind: "file", bytes: PIECES * PIECE_LENGTH } as const;

/** Milliseconds that a program may take to its first request. */
const LIMIT_MS = 20_000;

export function startRoom(): number {
  return 2 * payloadRoom(PAYLOAD);
}

/** Downloaders in turn, each killed at its first request. The tracker answers at once. */
export async function runStart(work: StartWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "download");
  await writePayload(PAYLOAD, source);
  await using tracker = new FixedTracker();
  await makeTorrent(source, torrent, tracker.url, PIECE_LENGTH, signal);
  await using peer = new WaitingPeer(PIECES);
  tracker.peers = [localPeer(peer.port)];
  const perform = async (program: Downloader): Promise<Figures> => {
    await Deno.mkdir(target);
    const command = program.command(torrent, target, tm, `127.0.0.1:${peer.port}`);
    const figures = await toFirstRequest(command, peer, folder, signal, program.name);
    await Deno.remove(target, { recursive: true });
    return figures;
  };
  const turns = work.programs.map((program) => ({
    name: program.name,
    perform: () => perform(program),
  }));
  return await interleave(turns, bench);
}

async function toFirstRequest(
  command: readonly string[],
  peer: WaitingPeer,
  folder: string,
  signal: AbortSignal,
  name: string,
): Promise<Figures> {
  const [program = "", ...args] = command;
  const request = peer.request();
  const start = performance.now();
  const child = new Deno.Command(program, {
    args,
    cwd: folder,
    env: { HOME: folder },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    signal,
  }).spawn();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const fail = (why: string) => reject(new Error(`Expected a request from ${name}, got ${why}`));
  const timer = setTimeout(() => fail(`none in ${LIMIT_MS} ms`), LIMIT_MS);
  void child.status.then(({ code }) => fail(`exit code ${code}`));
  try {
    return { milliseconds: await Promise.race([request, late]) - start };
  } finally {
    clearTimeout(timer);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await child.status;
  }
}
