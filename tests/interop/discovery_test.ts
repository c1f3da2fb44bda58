/**
 * Peers found without a tracker, between `tm` and each client, on hosts of one local network: by local discovery
 * (BEP 14) and by peers of peers (BEP 11), in both directions. Arguments as in `suite.ts`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { aria2 } from "./clients/aria2.ts";
import type { Client, ClientKind, Finds } from "./clients/client.ts";
import { libtorrent } from "./clients/libtorrent.ts";
import { qbittorrent } from "./clients/qbittorrent.ts";
import { transmission } from "./clients/transmission.ts";
import type { NamespaceHost } from "./harness/host.ts";
import { NamespaceLan } from "./harness/lan.ts";
import { difference, makePayload, type Payload, readManifest } from "./harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm, TmGet, tmGet, TmSeed, WITH_LSD } from "./harness/tm.ts";
import { makeTorrent, type Torrent } from "./harness/torrent.ts";
import { startTmTracker } from "./harness/tracker.ts";
import { until } from "./harness/until.ts";

const options = parseArgs(Deno.args, {
  string: ["tm", "client", "temp"],
  boolean: ["keep"],
}) as { tm?: string; client?: string; temp?: string; keep?: boolean };

/** Most clients call or tell at once, Transmission and aria2 when their minute comes. */
const FIND_SECONDS = 150;
/** So little a second that nobody completes by the one who passes others on. */
const TRICKLE = "20K";
const PIECE = 256 * 1024;
const SIZE = 8 * 1024 * 1024 + 777;

/** What a test is made of. */
interface Scene {
  readonly tm: string;
  readonly folder: string;
  readonly hosts: readonly NamespaceHost[];
  readonly payload: Payload;
  /** Names no tracker. */
  readonly torrent: Torrent;
  readonly start: (kind: ClientKind, host: number, finds: Finds) => Promise<Client>;
  readonly place: (name: string) => Promise<string>;
}

for (const kind of [libtorrent, aria2, qbittorrent, transmission]) {
  const chosen = options.client?.toLowerCase().split(",");
  const ignore = chosen !== undefined && !chosen.includes(kind.name.toLowerCase());
  const test = (name: string, run: (scene: Scene, stack: AsyncDisposableStack) => Promise<void>) =>
    Deno.test({ name, ignore, fn: () => withScene(kind, run) });

  test(`LSD: tm get finds ${kind.name} that seeds`, async (scene) => {
    const { tm, folder, hosts, payload, torrent } = scene;
    const client = await scene.start(kind, 1, { lsd: true });
    await client.addTorrent(torrent, payload.folder, true);
    await until("it to seed", FIND_SECONDS, () => client.isSeeding(torrent), () => client.tail());
    const target = await scene.place("tm");
    const report = () => client.describe(torrent);
    await tmGet(hosts[0]!, tm, torrent, target, folder, report, [WITH_LSD, "--no-pex"]);
    await compare(payload, target);
  });

  test(`LSD: ${kind.name} finds tm that seeds`, async (scene, stack) => {
    const { tm, folder, hosts, payload, torrent } = scene;
    const seeding = [WITH_LSD, "--no-pex"];
    const seed = stack.use(new TmSeed(hosts[0]!, tm, torrent, payload.folder, folder, seeding));
    await until("tm to seed", FIND_SECONDS, () => {
      seed.assertRunning();
      return seed.events().some(({ type }) => type === "done");
    }, () => seed.tail());
    const client = await scene.start(kind, 1, { lsd: true });
    const target = await scene.place("client");
    await client.addTorrent(torrent, target, false);
    await until(
      `${kind.name} to have it`,
      FIND_SECONDS,
      () => client.isSeeding(torrent),
      async () => `${seed.tail()}\n${await client.describe(torrent)}\n${client.tail()}`,
    );
    await compare(payload, target, kind);
    await seed.stop();
  });

  test(`PEX: tm learns of another peer from ${kind.name}`, async (scene, stack) => {
    const { tm, folder, hosts, payload, torrent } = scene;
    const tracker = stack.use(await startTmTracker(hosts[0]!, folder, tm));
    // the tracker is known to the two others alone
    const same = await writePayload(await scene.place("tracked"));
    const tracked = await makeTorrent("tm", tm, same, tracker.url, PIECE);
    const client = await scene.start(kind, 1, { pex: true });
    await client.addTorrent(tracked, payload.folder, true);
    await until("a seed", FIND_SECONDS, async () => await tracker.seeders(torrent.infoHash) > 0);
    // two seeds would leave each other, and nobody could tell
    const other = await scene.start(libtorrent, 2, { slow: true });
    await other.addTorrent(tracked, await scene.place("other"), false);
    const get = stack.use(
      new TmGet(hosts[3]!, tm, torrent, await scene.place("tm"), folder, [
        ...["--peer", client.listens, "--limit-rate", TRICKLE],
      ]),
    );
    await until(`tm to meet ${other.listens}`, FIND_SECONDS, () => {
      get.assertRunning();
      return get.events().some(({ type, action, peer }) =>
        type === "peer" && action === "connected" && peer === other.listens
      );
    }, async () => `${get.tail()}\n${await client.describe(torrent)}`);
  });

  test(`PEX: ${kind.name} learns of a seed from tm`, async (scene, stack) => {
    const { tm, folder, hosts, payload, torrent } = scene;
    const seed = await scene.start(libtorrent, 2, {});
    await seed.addTorrent(torrent, payload.folder, true);
    await until("a seed", FIND_SECONDS, () => seed.isSeeding(torrent), () => seed.tail());
    const client = await scene.start(kind, 1, { pex: true });
    const target = await scene.place("client");
    await client.addTorrent(torrent, target, false);
    const get = stack.use(
      new TmGet(hosts[0]!, tm, torrent, await scene.place("tm"), folder, [
        ...["--peer", client.listens, "--peer", seed.listens, "--limit-rate", TRICKLE],
      ]),
    );
    // tm itself has a trickle: what completes it comes from the seed
    await until(`${kind.name} to have it`, FIND_SECONDS, () => {
      get.assertRunning();
      return client.isSeeding(torrent);
    }, async () => `${get.tail()}\n${await client.describe(torrent)}\n${client.tail()}`);
    await compare(payload, target, kind);
  });
}

function writePayload(folder: string): Promise<Payload> {
  return makePayload(folder, "found.bin", { kind: "file", size: SIZE }, 90);
}

async function compare(payload: Payload, folder: string, writer?: ClientKind): Promise<void> {
  const actual = await readManifest(folder, writer?.ownFiles);
  const wrong = difference(payload.manifest, actual, writer?.skipsEmptyFiles === true);
  if (wrong !== null) throw new Error(`Expected ${folder} to be the payload: ${wrong}`);
}

async function withScene(
  kind: ClientKind,
  run: (scene: Scene, stack: AsyncDisposableStack) => Promise<void>,
): Promise<void> {
  requirePrograms([...COMMON, ...NAMESPACES, ...kind.requirements]);
  const tm = findTm(options.tm);
  await using stack = new AsyncDisposableStack();
  const temp = options.temp === undefined ? {} : { dir: options.temp };
  const folder = await Deno.makeTempDir({ prefix: "tm-interop-", ...temp });
  if (options.keep !== true) stack.defer(() => Deno.remove(folder, { recursive: true }));
  const { hosts } = stack.use(await NamespaceLan.create(4));
  const place = async (name: string) => {
    const path = join(folder, "places", name);
    await Deno.mkdir(path, { recursive: true });
    return path;
  };
  const payload = await writePayload(await place("payload"));
  const torrent = await makeTorrent("tm", tm, payload, null, PIECE);
  const start = async (kind: ClientKind, host: number, finds: Finds) => {
    const home = await place(`home-${host}`);
    return stack.use(await kind.start(hosts[host]!, home, finds));
  };
  await run({ tm, folder, hosts, payload, torrent, start, place }, stack);
}
