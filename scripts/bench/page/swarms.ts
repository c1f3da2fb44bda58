import { join } from "@std/path";
import { createTorrent } from "../../../src/metainfo/mod.ts";
import type { Bench } from "../bench.ts";
import { LineProcess } from "../line_process.ts";
import { ALONE } from "../programs/program.ts";
import { Rpc } from "../rpc.ts";
import { FixedTracker, localPeer } from "../tracker.ts";

const PIECE_LENGTH = 64 * 1024;
const PIECES = 32;
/** Bytes of a torrent: zeros, which take no memory on the seeding side. */
const FILE_BYTES = PIECE_LENGTH * PIECES;
/** Bytes a second of all torrents together: a block for each in three seconds, and each lasts for six minutes. */
const LIMIT = 6_000_000;

const READY_SECONDS = 120;
const LOOK_MS = 500;
/** Of all torrents, the part that must have a peer and a rate before anything is measured. */
const ENOUGH = 0.9;

/** Bytes that must be free for {@linkcode MovingSwarms}: a download begins only where there is room for all of it. */
export function swarmsRoom(torrents: number): number {
  return torrents * (FILE_BYTES + 64 * 1024);
}

/**
 * A manager of so many torrents that all download at the same time, each from a connection of its own to a second
 * manager that has them. The data is zeros, and the first manager's limit makes it last.
 */
export class MovingSwarms implements AsyncDisposable {
  private constructor(
    readonly place: string,
    readonly pid: number,
    readonly rpc: Rpc,
    readonly parts: readonly AsyncDisposable[],
  ) {}

  static async start(torrents: number, bench: Bench): Promise<MovingSwarms> {
    const tracker = new FixedTracker();
    const parts: AsyncDisposable[] = [tracker];
    try {
      const [has, wants] = await Promise.all([
        open("has", parts, bench),
        open("wants", parts, bench),
      ]);
      tracker.peers = [localPeer(await peerPort(has.rpc))];
      for (let at = 0; at < torrents; at++) {
        const name = nameOf(at);
        const data = await Deno.open(join(bench.folder, "has", name), {
          write: true,
          createNew: true,
        });
        data.truncateSync(FILE_BYTES);
        data.close();
        await add(has.rpc, name, tracker.url);
      }
      await until(has.rpc, ({ status }) => status === 6, torrents, bench.signal);
      await wants.rpc.call("session-set", {
        "speed-limit-down-enabled": true,
        "speed-limit-down": LIMIT / 1000,
      });
      for (let at = 0; at < torrents; at++) await add(wants.rpc, nameOf(at), tracker.url);
      await until(
        wants.rpc,
        ({ rateDownload, peersConnected }) => peersConnected > 0 && rateDownload > 0,
        torrents * ENOUGH,
        bench.signal,
      );
      const { place, pid, rpc } = wants;
      return new MovingSwarms(place, pid, rpc, parts);
    } catch (error) {
      await dispose(parts);
      throw error;
    }
  }

  /** Adds torrents that stand still, until there are so many. */
  async fillTo(count: number, from: number): Promise<void> {
    for (let at = from; at < count; at++) await add(this.rpc, nameOf(at), null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return dispose(this.parts);
  }
}

interface Manager {
  readonly place: string;
  readonly pid: number;
  readonly rpc: Rpc;
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
  return { place, pid: process.pid, rpc };
}

async function peerPort(rpc: Rpc): Promise<number> {
  return Number((await rpc.call("session-get", { fields: ["peer-port"] }))["peer-port"]);
}

/** Every name is another torrent. Without a tracker it is added stopped. */
async function add(rpc: Rpc, name: string, tracker: string | null): Promise<void> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", new Uint8Array(PIECE_LENGTH)));
  const pieceHashes = new Uint8Array(PIECES * hash.length);
  for (let piece = 0; piece < PIECES; piece++) pieceHashes.set(hash, piece * hash.length);
  const files = [{ path: [], length: FILE_BYTES }];
  const torrent = createTorrent(
    { name, files, pieceLength: PIECE_LENGTH, pieceHashes },
    tracker === null ? {} : { trackers: [[tracker]] },
  );
  await rpc.call("torrent-add", { metainfo: torrent.toBase64(), paused: tracker === null });
}

function nameOf(at: number): string {
  return `free-software-collection-${String(at).padStart(4, "0")}.iso`;
}

interface Listed {
  readonly status: number;
  readonly rateDownload: number;
  readonly peersConnected: number;
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
