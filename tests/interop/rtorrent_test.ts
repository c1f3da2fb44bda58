/**
 * rtorrent set to require encryption, or to do without, against `tm` that prefers it or requires it too; both
 * directions. It has no column in the matrix: this is all that is asked of it. Arguments as in `harness/options.ts`.
 */
import type { Encryption } from "./clients/client.ts";
import { RTORRENT, startRtorrent } from "./clients/rtorrent.ts";
import type { NamespaceHost } from "./harness/namespace_host.ts";
import { Network } from "./harness/network.ts";
import { isChosen, isChosenFeature, options, temporaryFolder } from "./harness/options.ts";
import { makePayload, type Payload, SMALL_FILE } from "./harness/payload.ts";
import { announced, compare } from "./harness/proof.ts";
import { NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm, tmGet, TmSeed } from "./harness/tm.ts";
import { makeTorrent, type Torrent } from "./harness/torrent.ts";
import { startTmTracker, type Tracker } from "./harness/tracker.ts";
import { until } from "./harness/until.ts";

/** Seconds for a small file, on a busy machine. */
const SECONDS = 120;
const PIECE_LENGTH = 64 * 1024;

/** A host for each side, and a torrent whose tracker is the one way to find each other. */
interface Lab {
  readonly tm: string;
  readonly folder: string;
  readonly ours: NamespaceHost;
  readonly theirs: NamespaceHost;
  readonly tracker: Tracker;
  readonly payload: Payload;
  readonly torrent: Torrent;
}

const CELLS: readonly (readonly [feature: string, theirs: Encryption, ours: string])[] = [
  ["encrypted", "required", "prefer"],
  ["encrypted-both", "required", "require"],
  ["plain", "off", "prefer"],
];

for (const [feature, theirs, ours] of CELLS) {
  const ignore = !isChosen("rtorrent") || !isChosenFeature(feature);
  const switches = ["--no-pex", "--encryption", ours];
  Deno.test({
    name: `tm --encryption ${ours} downloads what rtorrent seeds, encryption ${theirs}`,
    ignore,
    fn: () => withLab((lab) => down(lab, theirs, switches)),
  });
  Deno.test({
    name: `rtorrent, encryption ${theirs}, downloads what tm --encryption ${ours} seeds`,
    ignore,
    fn: () => withLab((lab) => up(lab, theirs, switches)),
  });
}

async function down(lab: Lab, encryption: Encryption, switches: readonly string[]): Promise<void> {
  const { tm, folder, ours, theirs, tracker, payload, torrent } = lab;
  await using stack = new AsyncDisposableStack();
  const rtorrent = await startRtorrent(theirs, folder, torrent, payload.folder, encryption);
  stack.defer(async () => void await rtorrent.stop());
  await announced(tracker, torrent, () => rtorrent.assertRunning(), () => rtorrent.tail());
  const target = `${folder}/tm`;
  const report = () => Promise.resolve(rtorrent.tail());
  await tmGet(ours, tm, torrent, target, folder, report, switches, SECONDS);
  await compare(payload, target);
}

async function up(lab: Lab, encryption: Encryption, switches: readonly string[]): Promise<void> {
  const { tm, folder, ours, theirs, tracker, payload, torrent } = lab;
  await using stack = new AsyncDisposableStack();
  const seed = stack.use(new TmSeed(ours, tm, torrent, payload.folder, folder, switches));
  await announced(tracker, torrent, () => seed.assertRunning(), () => seed.tail());
  const target = `${folder}/rtorrent-has`;
  await Deno.mkdir(target);
  const rtorrent = await startRtorrent(theirs, folder, torrent, target, encryption);
  stack.defer(async () => void await rtorrent.stop());
  await until(`rtorrent to have ${torrent.name}`, SECONDS, async () => {
    seed.assertRunning();
    rtorrent.assertRunning();
    await compare(payload, target);
    return true;
  }, () => `${seed.tail()}\n${rtorrent.tail()}`);
  await seed.stop();
}

/** Everything is taken down again, whatever happens. */
async function withLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  requirePrograms([...NAMESPACES, RTORRENT]);
  const tm = findTm(options.tm);
  await using stack = new AsyncDisposableStack();
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const [ours, theirs] = [await network.addHost(), await network.addHost()];
  const tracker = stack.use(await startTmTracker(ours, folder, tm));
  await Deno.mkdir(`${folder}/payload`);
  const payload = await makePayload(`${folder}/payload`, "encrypted.bin", SMALL_FILE, 95);
  const torrent = await makeTorrent("tm", tm, payload, tracker.url, PIECE_LENGTH);
  await use({ tm, folder, ours, theirs, tracker, payload, torrent });
}
