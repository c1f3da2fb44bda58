import { join } from "@std/path";
import { createTorrent } from "../../../src/metainfo/mod.ts";
import type { Bench } from "../bench.ts";
import { LineProcess } from "../line_process.ts";
import { ALONE } from "../programs/program.ts";
import { Rpc } from "../rpc.ts";
import { FixedTracker, localPeer } from "../tracker.ts";

const PIECE_LENGTH = 64 * 1024;
const READY_SECONDS = 120;
const LOOK_MS = 500;
/** Of all torrents, the part that must have a peer and a rate before anything is measured. */
const ENOUGH = 0.9;

/** Torrents that download at the same time. */
export interface Moving {
  readonly count: number;
  /** Of 64 KiB, of each: zeros, which take no memory on the seeding side. */
  readonly pieces: number;
  /** Of all together: it makes them last. */
  readonly bytesPerSecond: number;
}

/** Bytes that must be free for {@linkcode MovingSwarms}: a download begins only where there is room for all of it. */
export function swarmsRoom({ count, pieces }: Moving): number {
  return count * (pieces + 1) * PIECE_LENGTH;
}

/**
 * A manager of torrents that all download at the same time, each from a connection of its own to a second manager that
 * has them. The first manager's limit makes that last.
 */
export class MovingSwarms implements AsyncDisposable {
  private constructor(
    readonly place: string,
    readonly pid: number,
    readonly rpc: Rpc,
    readonly folder: string,
    readonly parts: readonly AsyncDisposable[],
  ) {}

  static async start(moving: Moving, bench: Bench): Promise<MovingSwarms> {
    const { count, pieces, bytesPerSecond } = moving;
    const tracker = new FixedTracker();
    const parts: AsyncDisposable[] = [tracker];
    try {
      const [has, wants] = await Promise.all([
        open("has", parts, bench),
        open("wants", parts, bench),
      ]);
      tracker.peers = [localPeer(await peerPort(has.rpc))];
      for (let at = 0; at < count; at++) {
        plant(has.folder, nameOf(at), pieces);
        await add(has.rpc, nameOf(at), pieces, tracker.url);
      }
      await until(has.rpc, seeds, count, bench.signal);
      await wants.rpc.call("session-set", {
        "speed-limit-down-enabled": true,
        "speed-limit-down": bytesPerSecond / 1000,
      });
      for (let at = 0; at < count; at++) await add(wants.rpc, nameOf(at), pieces, tracker.url);
      await until(
        wants.rpc,
        ({ rateDownload, peersConnected }) => peersConnected > 0 && rateDownload > 0,
        count * ENOUGH,
        bench.signal,
      );
      const { place, pid, rpc, folder } = wants;
      return new MovingSwarms(place, pid, rpc, folder, parts);
    } catch (error) {
      await dispose(parts);
      throw error;
    }
  }

  /** Adds torrents that stand still, until there are so many. */
  async fillTo(count: number, from: number): Promise<void> {
    for (let at = from; at < count; at++) await add(this.rpc, nameOf(at), 1, null);
  }

  /** Adds torrents that are complete, and nobody asks for, until there are so many; resolves when all of them seed. */
  async seedTo(count: number, from: number, signal: AbortSignal): Promise<void> {
    for (let at = from; at < count; at++) {
      plant(this.folder, nameOf(at), 1);
      await add(this.rpc, nameOf(at), 1, null, false);
    }
    await until(this.rpc, seeds, count - from, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return dispose(this.parts);
  }
}

interface Manager {
  readonly place: string;
  readonly pid: number;
  readonly rpc: Rpc;
  readonly folder: string;
}

async function open(
  name: string,
  parts: AsyncDisposable[],
  { folder, tm, signal }: Bench,
): Promise<Manager> {
  const data = join(folder, name);
  await Deno.mkdir(data);
  const process = new LineProcess(
    [tm, "daemon", "-d", data, "--rpc", "127.0.0.1:0", "--listen-port", "0", "--json", ...ALONE],
    signal,
    "null",
  );
  parts.push(process);
  const ready = await process.line(READY_SECONDS, (line) => JSON.parse(line).type === "ready");
  process.drain();
  const place: string = JSON.parse(ready).place;
  const rpc = new Rpc(place);
  await rpc.call("session-set", { "download-queue-enabled": false, "peer-limit-global": 5_000 });
  return { place, pid: process.pid, rpc, folder: data };
}

async function peerPort(rpc: Rpc): Promise<number> {
  return Number((await rpc.call("session-get", { fields: ["peer-port"] }))["peer-port"]);
}

/** The data of a torrent is there. */
function plant(folder: string, name: string, pieces: number): void {
  using data = Deno.openSync(join(folder, name), { write: true, createNew: true });
  data.truncateSync(pieces * PIECE_LENGTH);
}

/** Every name is another torrent. */
async function add(
  rpc: Rpc,
  name: string,
  pieces: number,
  tracker: string | null,
  paused = tracker === null,
): Promise<void> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", new Uint8Array(PIECE_LENGTH)));
  const pieceHashes = new Uint8Array(pieces * hash.length);
  for (let piece = 0; piece < pieces; piece++) pieceHashes.set(hash, piece * hash.length);
  const files = [{ path: [], length: pieces * PIECE_LENGTH }];
  const torrent = createTorrent(
    { name, files, pieceLength: PIECE_LENGTH, pieceHashes },
    tracker === null ? {} : { trackers: [[tracker]] },
  );
  await rpc.call("torrent-add", { metainfo: torrent.toBase64(), paused });
}

function nameOf(at: number): string {
  return `free-software-collection-${String(at).padStart(4, "0")}.iso`;
}

interface Listed {
  readonly status: number;
  readonly rateDownload: number;
  readonly peersConnected: number;
}

function seeds({ status }: Listed): boolean {
  return status === 6;
}

/** Waits until `wanted` holds for `count` torrents. */
async function until(
  rpc: Rpc,
  wanted: (torrent: Listed) => boolean,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const fields = ["status", "rateDownload", "peersConnected"];
  const deadline = performance.now() + READY_SECONDS * 1000;
  for (;;) {
    const { torrents } = await rpc.call("torrent-get", { fields }) as { torrents: Listed[] };
    const so = torrents.filter(wanted).length;
    if (so >= count) return;
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      throw new Error(`Expected ${count} torrents to be so in time, got ${so}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function dispose(parts: readonly AsyncDisposable[]): Promise<void> {
  for (const part of parts.toReversed()) await part[Symbol.asyncDispose]();
}
