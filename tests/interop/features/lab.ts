import type { Client, ClientKind, Discovery } from "../clients/client.ts";
import { LibtorrentDht } from "../clients/libtorrent_dht.ts";
import type { NamespaceHost } from "../harness/namespace_host.ts";
import { Network } from "../harness/network.ts";
import { options, temporaryFolder } from "../harness/options.ts";
import { makePayload, type Payload, type PayloadShape } from "../harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "../harness/requirements.ts";
import { findTm } from "../harness/tm.ts";
import type { Torrent } from "../harness/torrent.ts";
import { startTmTracker, type Tracker } from "../harness/tracker.ts";

const DHT_NODES = 12;
/** The first announce may come before there are nodes to announce to, and the next much later. */
const ANNOUNCE_MS = 4_000;

/** One client with everything on, trackers of both families, a DHT; each trial adds hosts with `tm`. */
export interface Lab {
  readonly tm: string;
  readonly folder: string;
  readonly network: Network;
  readonly kind: ClientKind;
  readonly client: Client;
  /** Where the client is. */
  readonly theirs: NamespaceHost;
  /** Where the trackers, the DHT and web servers are. */
  readonly services: NamespaceHost;
  readonly tracker: Tracker;
  readonly tracker6: Tracker;
  readonly dht: LibtorrentDht;
  readonly discovery: Discovery;
}

/** One cell of the matrix, tried. */
export interface Trial {
  readonly lab: Lab;
  /** Its own. */
  readonly folder: string;
  /** `tm`'s host: nobody else is there, as Transmission keeps one peer an address. */
  readonly host: NamespaceHost;
  /** A payload whose bytes no other trial has. */
  payload(shape: PayloadShape): Promise<Payload>;
}

/** Tries one thing; throws when it does not work. */
export type Attempt = (trial: Trial) => Promise<void>;

/** Everything is taken down with `stack`. */
export async function buildLab(kind: ClientKind, stack: AsyncDisposableStack): Promise<Lab> {
  requirePrograms([...COMMON, ...NAMESPACES, ...kind.requirements]);
  const tm = findTm(options.tm);
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const services = await network.addHost();
  const theirs = await network.addHost();
  const tracker = stack.use(await startTmTracker(services, folder, tm));
  const tracker6 = stack.use(await startTmTracker(services, folder, tm, services.address6));
  const dht = stack.use(await LibtorrentDht.start(services, folder, DHT_NODES));
  const discovery = { dhtNode: dht.nodes[0] ?? "", address6: theirs.address6 };
  const client = stack.use(await kind.start(theirs, folder, discovery));
  return { tm, folder, network, kind, client, theirs, services, tracker, tracker6, dht, discovery };
}

/** `seed` is another one for each trial of a client. */
export async function startTrial(lab: Lab, name: string, seed: number): Promise<Trial> {
  const folder = `${lab.folder}/${name}`;
  await Deno.mkdir(`${folder}/payload`, { recursive: true });
  return {
    lab,
    folder,
    host: await lab.network.addHost(),
    payload: (shape) => makePayload(`${folder}/payload`, `${name}.bin`, shape, seed),
  };
}

/** Makes the client announce to the DHT again and again, until disposed, while it has no peer. */
export function announcing(lab: Lab, torrent: Torrent): AsyncDisposable {
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(async () => {
      if ((await lab.client.peers(torrent)).length === 0) await lab.client.announceToDht?.(torrent);
    }).catch(() => {
      // It does not know the torrent so far.
    });
  }, ANNOUNCE_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await last;
    },
  };
}
