/**
 * One client against `tm`, in both directions: {one file, 300 files} × {opentracker, `tm tracker`}
 * each way, half of them over UDP. The client and the trackers are started once for a direction; the four transfers have
 * different contents, so nothing of one can help another.
 * Arguments as in `harness/options.ts`.
 */
import type { Client, ClientKind } from "./clients/client.ts";
import type { FeatureId } from "../../scripts/interop/matrix.ts";
import type { Host } from "./harness/host.ts";
import { Network } from "./harness/network.ts";
import { noted } from "./harness/noted.ts";
import { makePayload, MANY_FILES, ONE_FILE } from "./harness/payload.ts";
import type { Payload, PayloadShape } from "./harness/payload.ts";
import { announced, compare, READY_SECONDS } from "./harness/proof.ts";
import { isChosen, options, temporaryFolder } from "./harness/options.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm, tmGet, TmSeed } from "./harness/tm.ts";
import { type Maker, makeTorrent, type Torrent } from "./harness/torrent.ts";
import { openTrackerUrl, startOpenTracker, startTmTracker } from "./harness/tracker.ts";
import type { Tracker } from "./harness/tracker.ts";
import { until } from "./harness/until.ts";

/** One of the four transfers of a direction. */
interface Plan {
  readonly name: string;
  readonly label: string;
  readonly shape: PayloadShape;
  readonly maker: Maker;
  readonly pieceLength: number;
  readonly tracker: "opentracker" | "tm";
  readonly transport: "http" | "udp";
}

const PLANS: readonly Plan[] = [
  {
    name: "file-opentracker.bin",
    label: "one file, through opentracker",
    shape: ONE_FILE,
    maker: "tm",
    pieceLength: 256 * 1024,
    tracker: "opentracker",
    transport: "http",
  },
  {
    name: "folder-opentracker",
    label: "300 files, through opentracker over UDP",
    shape: MANY_FILES,
    maker: "mktorrent",
    pieceLength: 64 * 1024,
    tracker: "opentracker",
    transport: "udp",
  },
  {
    name: "file-tm.bin",
    label: "one file, through tm tracker over UDP",
    shape: ONE_FILE,
    maker: "libtorrent",
    pieceLength: 256 * 1024,
    tracker: "tm",
    transport: "udp",
  },
  {
    name: "folder-tm",
    label: "300 files, through tm tracker",
    shape: MANY_FILES,
    maker: "tm",
    pieceLength: 64 * 1024,
    tracker: "tm",
    transport: "http",
  },
];

/** Seconds for another client to download one payload; Transmission needs 13 to its first peer. */
const DOWNLOAD_SECONDS = 60;

/** A transfer set up: payload and torrent on disk, its tracker running. */
interface Transfer {
  readonly plan: Plan;
  readonly payload: Payload;
  readonly torrent: Torrent;
  readonly tracker: Tracker;
}

/** Everything of one direction. */
interface Lab {
  readonly tm: string;
  readonly folder: string;
  /** Where tm and the trackers are. */
  readonly ours: Host;
  readonly client: Client;
  readonly transfers: readonly Transfer[];
}

/** Registers both directions of a client. */
export function interopSuite(kind: ClientKind): void {
  const ignore = !isChosen(kind.name);
  Deno.test({
    name: `tm get downloads what ${kind.name} seeds`,
    ignore,
    fn: (context) => withLab(kind, 1, (lab) => fromClient(context, kind, lab)),
  });
  Deno.test({
    name: `${kind.name} downloads what tm seed seeds`,
    ignore,
    fn: (context) => withLab(kind, 2, (lab) => toClient(context, kind, lab)),
  });
}

async function fromClient(context: Deno.TestContext, kind: ClientKind, lab: Lab): Promise<void> {
  for (const { torrent, payload } of lab.transfers) {
    await lab.client.addTorrent(torrent, payload.folder, true);
  }
  // One by one: Transmission turns away a peer while another from that address shakes hands.
  for (const transfer of lab.transfers) {
    const { plan, torrent, payload, tracker } = transfer;
    await context.step(
      plan.label,
      noted(featureOf(plan), kind.name, "down", async () => {
        const report = () => describe(lab, transfer);
        const seeds = () => lab.client.isSeeding(torrent);
        await until(`${kind.name} to seed ${torrent.name}`, READY_SECONDS, seeds, report);
        await announced(tracker, torrent, () => {}, report);
        const target = `${lab.folder}/from-client/${torrent.name}`;
        await tmGet(lab.ours, lab.tm, torrent, target, lab.folder, report);
        await compare(payload, target);
      }),
    );
  }
}

async function toClient(context: Deno.TestContext, kind: ClientKind, lab: Lab): Promise<void> {
  // All at once, because Transmission needs ten seconds to its first peer; then a step for each,
  // which fails with what failed.
  const outcomes = await Promise.allSettled(lab.transfers.map((transfer) => {
    const feature = featureOf(transfer.plan);
    return noted(feature, kind.name, "up", () => transferUp(kind, lab, transfer))();
  }));
  for (const [i, { plan }] of lab.transfers.entries()) {
    await context.step(plan.label, () => {
      const outcome = outcomes[i];
      if (outcome?.status !== "fulfilled") throw outcome?.reason;
    });
  }
}

async function transferUp(kind: ClientKind, lab: Lab, transfer: Transfer): Promise<void> {
  const { torrent, payload, tracker } = transfer;
  await using seed = new TmSeed(lab.ours, lab.tm, torrent, payload.folder, lab.folder);
  const check = () => seed.assertRunning();
  await announced(tracker, torrent, check, () => `${seed.tail()}\n${tracker.tail()}`);
  const target = `${lab.folder}/to-client/${torrent.name}`;
  await Deno.mkdir(target, { recursive: true });
  await lab.client.addTorrent(torrent, target, false);
  await until(`${kind.name} to have ${torrent.name}`, DOWNLOAD_SECONDS, () => {
    check();
    return lab.client.isSeeding(torrent);
  }, async () => `${seed.tail()}\n${await describe(lab, transfer)}`);
  await compare(payload, target, kind);
  await seed.stop();
}

function featureOf({ tracker, transport }: Plan): FeatureId {
  return `${transport}-${tracker}`;
}

async function describe(lab: Lab, { torrent, tracker }: Transfer): Promise<string> {
  const said = await lab.client.describe(torrent).catch((error) => `no answer: ${error}`);
  return `--- the client says: ${said}\n${lab.client.tail()}\n${tracker.tail()}`;
}

/** Builds a lab, uses it, and takes everything down again whatever happens. */
async function withLab(
  kind: ClientKind,
  direction: number,
  use: (lab: Lab) => Promise<void>,
): Promise<void> {
  requirePrograms([...COMMON, ...NAMESPACES, ...kind.requirements]);
  const tm = findTm(options.tm);
  await using stack = new AsyncDisposableStack();
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const ours = await network.addHost();
  const theirs = await network.addHost();
  const ownTracker = stack.use(await startTmTracker(ours, folder, tm));
  const port = await ours.freePort();
  const made = await Promise.all(PLANS.map(async (plan, i) => {
    const place = `${folder}/payload/${plan.tracker}-${plan.shape.kind}`;
    await Deno.mkdir(place, { recursive: true });
    const payload = await makePayload(place, plan.name, plan.shape, direction * PLANS.length + i);
    const http = plan.tracker === "tm" ? ownTracker.url : openTrackerUrl(ours, port);
    // both answer both on one port
    const url = http.replace(/^http/, plan.transport);
    const torrent = await makeTorrent(plan.maker, tm, payload, url, plan.pieceLength);
    return { plan, payload, torrent };
  }));
  const hashes = made.map(({ torrent }) => torrent.infoHash);
  const openTracker = stack.use(await startOpenTracker(ours, folder, port, hashes));
  const transfers = made.map((one) => ({
    ...one,
    tracker: one.plan.tracker === "tm" ? ownTracker : openTracker,
  }));
  const client = stack.use(await kind.start(theirs, folder));
  await use({ tm, folder, ours, client, transfers });
}
