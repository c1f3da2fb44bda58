import { join } from "@std/path";
import { Network } from "../../../tests/interop/harness/network.ts";
import type { NamespaceHost } from "../../../tests/interop/harness/namespace_host.ts";
import type { Program } from "../../../tests/interop/harness/program.ts";
import { makePayload } from "../../../tests/interop/harness/payload.ts";
import { TmGet, TmSeed } from "../../../tests/interop/harness/tm.ts";
import { makeTorrent } from "../../../tests/interop/harness/torrent.ts";
import { until } from "../../../tests/interop/harness/until.ts";
import { type Bench, interleave, type Turn } from "../bench.ts";
import type { Figures, Sample } from "../metric.ts";
import { TM_SEED } from "../programs/seeders.ts";
import { PYTHON, pythonScript } from "../programs/program.ts";
import type { ShareWork } from "../scenario.ts";

/** Seconds until both sides have met. */
const START_SECONDS = 30;
/** What has just begun or ended is given so long, and what goes on is watched so long, in seconds. */
const SETTLE_SECONDS = 10;
const WATCHED_SECONDS = 20;
/** Long enough for all phases at the full rate. */
const PHASES_SECONDS = 140;
const PIECE_LENGTH = 256 * 1024;

/** The payload twice. */
export function shareRoom(work: ShareWork): number {
  return 2 * work.bytesPerSecond * PHASES_SECONDS;
}

/**
 * `tm` downloads from `tm` over uTP alone on a line with a queue (hosts of their own, and a router between them that
 * sends so much and keeps so much), before, while and after one TCP connection of the system (Reno) uses it too, and beside BBR. All is said in
 * parts of what such a connection has of the line alone. Needs root.
 */
export async function runShare(work: ShareWork, bench: Bench): Promise<Sample[]> {
  const turns: Turn[] = [{ name: TM_SEED.name, perform: (round) => perform(work, bench, round) }];
  return await interleave(turns, bench);
}

async function perform(work: ShareWork, bench: Bench, round: number): Promise<Figures> {
  await using stack = new AsyncDisposableStack();
  const folder = join(bench.folder, `${round}`);
  await Deno.mkdir(`${folder}/seed`, { recursive: true });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const network = stack.use(await Network.create(folder));
  const [from, to] = [await network.addHost(), await network.addHost()];
  await network.narrow(to, work.bytesPerSecond, work.queueMilliseconds);
  let heard = () => 0;
  const flow = (name: string, control: "reno" | "bbr") =>
    whileTcp(
      { from, to, folder, name, control },
      (tcp) => Promise.all([rateOf(() => sent(tcp)), rateOf(heard)]),
    );
  const [alone] = await flow("alone", "reno");

  const size = work.bytesPerSecond * PHASES_SECONDS;
  const payload = await makePayload(`${folder}/seed`, "share.bin", { kind: "file", size }, round);
  const torrent = await makeTorrent("tm", bench.tm, payload, null, PIECE_LENGTH);
  const options = ["--no-tcp", "--no-pex"];
  const seed = stack.use(
    new TmSeed(from, bench.tm, torrent, payload.folder, folder, options),
  );
  const peer = ["--peer", `${from.address}:${await seed.port()}`];
  const get = stack.use(
    new TmGet(to, bench.tm, torrent, `${folder}/get`, folder, [...options, ...peer]),
  );
  heard = () => {
    get.assertRunning();
    return Number(get.events().findLast(({ type }) => type === "progress")?.downloaded ?? 0);
  };
  await until("data to come", START_SECONDS, () => heard() > 0, () => get.tail());

  const before = await rateOf(heard);
  const [reno, beside] = await flow("reno", "reno");
  const after = await rateOf(heard);
  // a system may lack it
  const bbr = await hasBbr() ? (await flow("bbr", "bbr"))[0] : null;
  return {
    alonePercent: 100 * before / alone,
    tcpPercent: 100 * reno / alone,
    besidePercent: 100 * beside / alone,
    afterPercent: 100 * after / alone,
    ...(bbr === null ? {} : { bbrPercent: 100 * bbr / alone }),
  };
}

async function hasBbr(): Promise<boolean> {
  const path = "/proc/sys/net/ipv4/tcp_available_congestion_control";
  return (await Deno.readTextFile(path)).split(/\s/).includes("bbr");
}

/** A TCP connection, and how it finds out what the way takes. */
interface Flow {
  readonly from: NamespaceHost;
  readonly to: NamespaceHost;
  readonly folder: string;
  readonly name: string;
  readonly control: "reno" | "bbr";
}

/** Has one TCP connection send from one host to the other all it can, while `use` looks at it. */
async function whileTcp<T>(
  { from, to, folder, name, control }: Flow,
  use: (sink: Program) => Promise<T>,
): Promise<T> {
  const script = pythonScript("tcp_flow.py");
  const command = [PYTHON, script, "sink", to.address];
  const sink = to.start({ name: `sink-${name}`, command, folder });
  try {
    const port = await until("a port", START_SECONDS, () => {
      sink.assertRunning();
      return /^port (\d+)$/m.exec(sink.stdout())?.[1];
    }, () => sink.tail());
    const source = from.start({
      name: `source-${name}`,
      command: [PYTHON, script, "source", to.address, port, control],
      folder,
    });
    try {
      return await use(sink);
    } finally {
      await source.stop();
    }
  } finally {
    await sink.stop();
  }
}

/** Bytes that a sink has heard. */
function sent(sink: Program): number {
  sink.assertRunning();
  // the last whole line; none is longer
  return Number(/\n(\d+)\n[^\n]*$/.exec(sink.stdout().slice(-60))?.[1] ?? 0);
}

/** Bytes a second of what grows, once it has settled. */
async function rateOf(bytes: () => number): Promise<number> {
  await pause(SETTLE_SECONDS);
  const [before, since] = [bytes(), performance.now()];
  await pause(WATCHED_SECONDS);
  return (bytes() - before) / (performance.now() - since) * 1000;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
