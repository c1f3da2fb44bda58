/** A transfer between `tm` and the client that have just one way to find each other. */
import { type PayloadShape, SMALL_FILE } from "../harness/payload.ts";
import { announced, compare, READY_SECONDS } from "../harness/proof.ts";
import { tmGet, TmSeed } from "../harness/tm.ts";
import { makeTorrent, type Torrent } from "../harness/torrent.ts";
import type { Tracker } from "../harness/tracker.ts";
import { until } from "../harness/until.ts";
import { announcing, type Attempt, type Lab, type Trial } from "./lab.ts";

/** The one way. */
export interface Way {
  /** The tracker, in the torrent, or in the link when there is one. */
  readonly tracker?: (lab: Lab) => Tracker;
  /** What the downloader is given in place of the torrent; `seed` is the `host:port` of the other. */
  readonly link?: (torrent: Torrent, seed: string, lab: Lab) => string;
  /** Options of `tm get` and `tm seed`. */
  readonly options?: (lab: Lab) => readonly string[];
  /** It is the DHT: nothing begins before the client has entered it. */
  readonly dht?: true;
  /** Addresses that `tm` may meet a peer at begin so. */
  readonly peers?: string;
  /** What the torrent is made with besides; by default v1 of a small file. */
  readonly create?: readonly string[];
  readonly shape?: PayloadShape;
  readonly seconds?: number;
}

/** Transmission needs 13 seconds to its first peer, and a minute to the DHT. */
const SECONDS = 90;
const PIECE_LENGTH = 64 * 1024;
/** A search asks eight. */
const ENOUGH_NODES = 8;
/** What is not the way is off; the client has everything on. */
const ONLY = ["--no-pex"];

/** The client seeds, tm downloads. */
export function down(way: Way): Attempt {
  return async (trial) => {
    const { lab, host, folder } = trial;
    const { payload, torrent } = await prepare(trial, way);
    const report = () => describe(trial, torrent);
    await lab.client.addTorrent(torrent, payload.folder, true);
    const seeds = () => lab.client.isSeeding(torrent);
    await until(`${lab.kind.name} to seed ${torrent.name}`, READY_SECONDS, seeds, report);
    if (way.tracker) await announced(way.tracker(lab), torrent, () => {}, report);
    const seed = `${lab.theirs.address}:${lab.client.port}`;
    const source = { ...torrent, path: way.link?.(torrent, seed, lab) ?? torrent.path };
    const target = `${folder}/tm`;
    const options = [...ONLY, ...(way.options?.(lab) ?? [])];
    const seconds = way.seconds ?? SECONDS;
    await using _ = announcing(lab, torrent);
    const events = await tmGet(host, lab.tm, source, target, folder, report, options, seconds);
    assertPeers(way, events);
    await compare(payload, target);
  };
}

/** tm seeds, the client downloads. */
export function up(way: Way): Attempt {
  return async (trial) => {
    const { lab, host, folder } = trial;
    const { payload, torrent } = await prepare(trial, way);
    const options = [...ONLY, ...(way.options?.(lab) ?? [])];
    await using seed = new TmSeed(host, lab.tm, torrent, payload.folder, folder, options);
    const check = () => seed.assertRunning();
    const report = async () => `${seed.tail()}\n${await describe(trial, torrent)}`;
    if (way.tracker) await announced(way.tracker(lab), torrent, check, report);
    // Two that look for each other at once find nobody, and many ask again only much later.
    if (way.dht) {
      await until("tm to announce itself to the DHT", SECONDS, () => announces(seed), report);
    }
    const link = way.link?.(torrent, `${host.address}:${await seed.port()}`, lab);
    const target = `${folder}/client`;
    await Deno.mkdir(target);
    if (link === undefined) await lab.client.addTorrent(torrent, target, false);
    else await lab.client.addMagnet(link, torrent, target);
    await using _ = announcing(lab, torrent);
    await until(`${lab.kind.name} to have ${torrent.name}`, way.seconds ?? SECONDS, () => {
      check();
      return lab.client.isSeeding(torrent);
    }, report);
    assertPeers(way, seed.events());
    // of a v2 torrent libtorrent has verified blocks that it has not written yet
    await until(`${lab.kind.name} to have written ${torrent.name}`, READY_SECONDS, async () => {
      await compare(payload, target, lab.kind);
      return true;
    }, report);
    await seed.stop();
  };
}

/** Data and a torrent, when the client is ready; one that a link is for has no tracker of its own, so that the link's must do. */
async function prepare(trial: Trial, way: Way) {
  if (way.dht) await entered(trial.lab);
  const payload = await trial.payload(way.shape ?? SMALL_FILE);
  const tracker = way.tracker?.(trial.lab).url ?? null;
  const { lab: { tm } } = trial;
  const torrent = await makeTorrent("tm", tm, payload, tracker, PIECE_LENGTH, way.create);
  return { payload, torrent };
}

/** It has announced itself to nodes of the DHT. */
function announces(seed: TmSeed): boolean {
  seed.assertRunning();
  return seed.events().some(({ type, announced }) => type === "dht" && Number(announced) > 0);
}

/** Waits until the client knows nodes enough to announce itself to. */
async function entered({ client, kind }: Trial["lab"]): Promise<void> {
  if (client.dhtNodes === undefined) return;
  const enough = async () => await client.dhtNodes!() >= ENOUGH_NODES;
  await until(`${kind.name} to enter the DHT`, READY_SECONDS, enough, () => client.tail());
}

function assertPeers(way: Way, events: readonly Record<string, unknown>[]): void {
  const { peers } = way;
  if (peers === undefined) return;
  const met = events.filter(({ type, action }) => type === "peer" && action === "connected")
    .map(({ peer }) => String(peer));
  if (met.length > 0 && met.every((peer) => peer.startsWith(peers))) return;
  throw new Error(`Expected peers at ${peers}, got ${met.join(" ") || "none"}`);
}

/** What the client says, for a failure message. */
export async function describe({ lab }: Trial, torrent: Torrent): Promise<string> {
  const said = await lab.client.describe(torrent).catch((error) => `no answer: ${error}`);
  return `--- the client says: ${said}\n${lab.client.tail()}`;
}
