import { join } from "@std/path";
import { type Bench, interleave, type Turn } from "../bench.ts";
import { DelayProxy } from "../link/delay_proxy.ts";
import { Source, transferSeconds } from "../link/transfer.ts";
import { costFigures, measure } from "../measure.ts";
import type { Figures, Sample } from "../metric.ts";
import { Original } from "../original.ts";
import { makeTorrent, makeV2Torrent, payloadBytes, payloadRoom, writePayload } from "../payload.ts";
import type { Downloader } from "../programs/downloaders.ts";
import { LibtorrentSeeder } from "../programs/seeders.ts";
import type { DownloadWork, LongLink } from "../scenario.ts";
import { FixedTracker, localPeer } from "../tracker.ts";

/** Seconds one download may take. */
const LIMIT_SECONDS = 180;

/** What plain TCP gets through the same proxy is in the results under this name. */
export const LINK = "plain TCP";
/** What the proxy itself can do: a rate that it never meets, and room for it. */
const PROXY_ALONE = "proxy alone";
const NO_LIMIT = { delay: 5, bytesPerSecond: 1e9 };

/** The payload twice. */
export function downloadRoom(work: DownloadWork): number {
  return 2 * payloadRoom(work.payload);
}

/** Downloaders in turn: whole processes, from start to exit. */
export async function runDownload(work: DownloadWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  await writePayload(work.payload, source);
  await using tracker = new FixedTracker();
  const made = [source, torrent, tracker.url, work.pieceLength, signal] as const;
  await (work.v2 ? makeV2Torrent(bench.tm, ...made) : makeTorrent(...made));
  await using seeder = await LibtorrentSeeder.start(
    torrent,
    source,
    work.seeders,
    signal,
    work.transport,
  );
  const download = new Download(work, bench, source, torrent, seeder);
  const turns: Turn[] = work.programs.map((program) => ({
    name: program.name,
    perform: (round) => download.perform(program, round),
  }));
  if (work.link === null) {
    tracker.peers = seeder.peers;
    return await interleave(turns, bench);
  }
  const path = pathOf(work.link);
  await using stack = new AsyncDisposableStack();
  const proxies = seeder.peers.map(({ port }) => stack.use(new DelayProxy(port, path)));
  tracker.peers = proxies.map((one) => localPeer(one.port));
  return await interleave([...references(work), ...turns], bench);
}

function pathOf({ rttMilliseconds, bytesPerSecond }: LongLink) {
  return { delay: rttMilliseconds / 2, bytesPerSecond };
}

/** What the proxy lets through when nobody speaks BitTorrent. */
function references(work: DownloadWork): Turn[] {
  const bytes = payloadBytes(work.payload);
  const plain = async (path: { delay: number; bytesPerSecond: number }) => {
    await using source = new Source(bytes);
    await using proxy = new DelayProxy(source.port, path);
    return { speed: bytes / 1e6 / await transferSeconds(proxy.port, bytes) };
  };
  if (work.link === null) return [];
  const path = pathOf(work.link);
  return [
    { name: LINK, perform: () => plain(path) },
    { name: PROXY_ALONE, perform: () => plain(NO_LIMIT) },
  ];
}

/** One download after the other of the same payload. */
class Download {
  readonly #target: string;
  readonly #bytes: number;
  readonly #original: Original;

  constructor(
    readonly work: DownloadWork,
    readonly bench: Bench,
    source: string,
    readonly torrent: string,
    readonly seeder: LibtorrentSeeder,
  ) {
    this.#target = join(bench.folder, "download");
    this.#bytes = payloadBytes(work.payload);
    this.#original = new Original(work.payload, source, bench.signal);
  }

  async perform(program: Downloader, round: number): Promise<Figures> {
    const { folder, signal, tm } = this.bench;
    const { cutSeconds } = this.work;
    await Deno.mkdir(this.#target);
    await this.seeder.watch();
    const limit = cutSeconds === null
      ? { seconds: LIMIT_SECONDS }
      : { seconds: cutSeconds, cut: true };
    const command = program.command(this.torrent, this.#target, tm);
    const cost = await measure(command, limit, folder, signal);
    const sent = await this.seeder.transfer();
    if (cost.exitCode === 0) await this.#original.expect(this.#target, program.name, round);
    await Deno.remove(this.#target, { recursive: true });
    // Of a download that was cut off, what was sent counts, which flatters it by what was under way.
    const bytes = cost.exitCode === 0 ? this.#bytes : sent.bytes;
    return { ...costFigures(cost, bytes), transferSpeed: bytes / 1e6 / sent.seconds };
  }
}
