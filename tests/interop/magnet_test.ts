/**
 * Magnet links with no tracker and no DHT, between `tm` and each client, on two hosts: metadata and data in both
 * directions, from nothing but an info hash and an address (`x.pe`). Arguments as in `suite.ts`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { infoHash } from "../../src/base/mod.ts";
import { encodeMagnet } from "../../src/metainfo/mod.ts";
import { aria2 } from "./clients/aria2.ts";
import type { Client, ClientKind, Finds } from "./clients/client.ts";
import { libtorrent } from "./clients/libtorrent.ts";
import { qbittorrent } from "./clients/qbittorrent.ts";
import { transmission } from "./clients/transmission.ts";
import type { NamespaceHost } from "./harness/host.ts";
import { NamespaceLan } from "./harness/lan.ts";
import {
  difference,
  makePayload,
  MANY_FILES,
  type Payload,
  readManifest,
} from "./harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { run } from "./harness/run.ts";
import { findTm, tmGet, TmSeed, WITH_LSD } from "./harness/tm.ts";
import { makeTorrent, type Torrent } from "./harness/torrent.ts";
import { until } from "./harness/until.ts";

const options = parseArgs(Deno.args, {
  string: ["tm", "client", "temp"],
  boolean: ["keep"],
}) as { tm?: string; client?: string; temp?: string; keep?: boolean };

/** Most clients need a few seconds; Transmission finds us by local discovery, when its minute comes. */
const SECONDS = 150;
const PIECE = 64 * 1024;

/** What a test is made of. */
interface Scene {
  readonly tm: string;
  readonly folder: string;
  /** Ours, and that of the client. */
  readonly hosts: readonly [NamespaceHost, NamespaceHost];
  readonly payload: Payload;
  /** Names no tracker. */
  readonly torrent: Torrent;
  readonly start: (finds: Finds) => Promise<Client>;
}

for (const kind of [libtorrent, aria2, qbittorrent, transmission]) {
  const chosen = options.client?.toLowerCase().split(",");
  const ignore = chosen !== undefined && !chosen.includes(kind.name.toLowerCase());
  const test = (name: string, run: (scene: Scene, stack: AsyncDisposableStack) => Promise<void>) =>
    Deno.test({ name, ignore, fn: () => withScene(kind, run) });

  test(`magnet: tm gets metadata and data of ${kind.name}`, async (scene) => {
    const { tm, folder, hosts, payload, torrent } = scene;
    const client = await scene.start({});
    await client.addTorrent(torrent, payload.folder, true);
    await until("it to seed", SECONDS, () => client.isSeeding(torrent), () => client.tail());
    const link = linkOf(torrent, client.listens);
    const target = await place(folder, "tm");
    const report = () => client.describe(torrent);
    await tmGet(hosts[0], tm, { ...torrent, path: link }, target, folder, report, ["--no-pex"]);
    await compare(payload, target);
  });

  test(`magnet: ${kind.name} gets metadata and data of tm`, async (scene, stack) => {
    const { tm, folder, hosts, payload, torrent } = scene;
    // Transmission 3.00 knows no x.pe: it has to find us in the network
    const byLink = kind !== transmission;
    const seeding = byLink ? ["--no-pex"] : ["--no-pex", WITH_LSD];
    const seed = stack.use(new TmSeed(hosts[0], tm, torrent, payload.folder, folder, seeding));
    const told = (type: string) => seed.events().find((event) => event["type"] === type);
    await until("tm to seed", SECONDS, () => {
      seed.assertRunning();
      return told("done") !== undefined;
    }, () => seed.tail());
    const client = await scene.start({ lsd: !byLink });
    const target = await place(folder, "client");
    const address = `${hosts[0].address}:${told("listening")?.["port"]}`;
    await client.addMagnet(linkOf(torrent, address), torrent, target);
    await until(
      `${kind.name} to have it`,
      SECONDS,
      () => client.isSeeding(torrent),
      async () => `${seed.tail()}\n${await client.describe(torrent)}\n${client.tail()}`,
    );
    await compare(payload, target, kind);
    await seed.stop();
  });
}

Deno.test(
  "magnet: tm info lists what libtorrent has",
  { ignore: options.client !== undefined },
  () =>
    withScene(libtorrent, async ({ tm, hosts, payload, torrent, start }) => {
      const client = await start({});
      await client.addTorrent(torrent, payload.folder, true);
      await until("it to seed", SECONDS, () => client.isSeeding(torrent), () => client.tail());
      const link = linkOf(torrent, client.listens);
      const inHost = ["ip", "netns", "exec", hosts[0].namespace];
      const said = await run([...inHost, tm, "info", "--json", "--no-dht", "--no-lsd", link]);
      const files = JSON.parse(said).files as { path: string; size: number }[];
      const want = [...payload.manifest.keys()].toSorted();
      const got = files.map(({ path }) => path).toSorted();
      if (got.join("\n") !== want.join("\n")) {
        throw new Error(`Expected the payload's files: ${said}`);
      }
    }),
);

function linkOf(torrent: Torrent, peer: string): string {
  const hash = infoHash(Uint8Array.fromHex(torrent.infoHash));
  return encodeMagnet({ infoHash: hash, name: torrent.name, peers: [peer] });
}

async function place(folder: string, name: string): Promise<string> {
  const path = join(folder, "places", name);
  await Deno.mkdir(path, { recursive: true });
  return path;
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
  const lan = stack.use(await NamespaceLan.create(2));
  const hosts = [lan.hosts[0]!, lan.hosts[1]!] as const;
  const payload = await makePayload(await place(folder, "payload"), "magnet", MANY_FILES, 91);
  const torrent = await makeTorrent("tm", tm, payload, null, PIECE);
  const home = await place(folder, "home");
  const start = async (finds: Finds) => stack.use(await kind.start(hosts[1], home, finds));
  await run({ tm, folder, hosts, payload, torrent, start }, stack);
}
