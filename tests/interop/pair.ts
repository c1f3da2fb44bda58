/** `tm` and one program that has no column in the matrix, on a host each, with a tracker as the one way to find each other. */
import type { Host } from "./harness/host.ts";
import type { NamespaceHost } from "./harness/namespace_host.ts";
import { Network } from "./harness/network.ts";
import { options, temporaryFolder } from "./harness/options.ts";
import { makePayload, type Payload, SMALL_FILE } from "./harness/payload.ts";
import type { Program } from "./harness/program.ts";
import { announced, compare } from "./harness/proof.ts";
import { NAMESPACES, type Requirement, requirePrograms } from "./harness/requirements.ts";
import { findTm, tmGet, TmSeed } from "./harness/tm.ts";
import { makeTorrent, type Torrent } from "./harness/torrent.ts";
import { startTmTracker, type Tracker } from "./harness/tracker.ts";
import { until } from "./harness/until.ts";

/** The other program, set as the test wants it. */
export interface Other {
  readonly name: string;
  readonly requirements: readonly Requirement[];
  /** Another for each program: contents differ. */
  readonly seed: number;
  /** Starts it: what is in `data` of the torrent is hashed, the rest is downloaded, all of it is seeded. */
  start(host: Host, folder: string, torrent: Torrent, data: string): Promise<Program>;
}

/** Seconds for a small file, on a busy machine. */
const SECONDS = 120;
const PIECE_LENGTH = 64 * 1024;

interface Lab {
  readonly tm: string;
  readonly folder: string;
  readonly ours: NamespaceHost;
  readonly theirs: NamespaceHost;
  readonly tracker: Tracker;
  readonly payload: Payload;
  readonly torrent: Torrent;
}

/** The other seeds, `tm get` with `switches` downloads. */
export async function down(other: Other, switches: readonly string[]): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { tm, folder, ours, theirs, tracker, payload, torrent } = await buildLab(other, stack);
  const program = await start(other, theirs, folder, torrent, payload.folder, stack);
  await announced(tracker, torrent, () => program.assertRunning(), () => program.tail());
  const target = `${folder}/tm`;
  const report = () => Promise.resolve(program.tail());
  await tmGet(ours, tm, torrent, target, folder, report, switches, SECONDS);
  await compare(payload, target);
}

/** `tm seed` with `switches` seeds, the other downloads. */
export async function up(other: Other, switches: readonly string[]): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { tm, folder, ours, theirs, tracker, payload, torrent } = await buildLab(other, stack);
  const seed = stack.use(new TmSeed(ours, tm, torrent, payload.folder, folder, switches));
  await announced(tracker, torrent, () => seed.assertRunning(), () => seed.tail());
  const target = `${folder}/${other.name}-has`;
  await Deno.mkdir(target);
  const program = await start(other, theirs, folder, torrent, target, stack);
  await until(`${other.name} to have ${torrent.name}`, SECONDS, async () => {
    seed.assertRunning();
    program.assertRunning();
    await compare(payload, target);
    return true;
  }, () => `${seed.tail()}\n${program.tail()}`);
  await seed.stop();
}

async function start(
  other: Other,
  host: Host,
  folder: string,
  torrent: Torrent,
  data: string,
  stack: AsyncDisposableStack,
): Promise<Program> {
  const program = await other.start(host, folder, torrent, data);
  stack.defer(async () => void await program.stop());
  return program;
}

/** Everything is taken down with `stack`. */
async function buildLab(other: Other, stack: AsyncDisposableStack): Promise<Lab> {
  requirePrograms([...NAMESPACES, ...other.requirements]);
  const tm = findTm(options.tm);
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const [ours, theirs] = [await network.addHost(), await network.addHost()];
  const tracker = stack.use(await startTmTracker(ours, folder, tm));
  await Deno.mkdir(`${folder}/payload`);
  const payload = await makePayload(`${folder}/payload`, "pair.bin", SMALL_FILE, other.seed);
  const torrent = await makeTorrent("tm", tm, payload, tracker.url, PIECE_LENGTH);
  return { tm, folder, ours, theirs, tracker, payload, torrent };
}
