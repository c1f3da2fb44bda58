/**
 * `tm` in a DHT of libtorrent nodes, with no tracker: found by them, finding them, and what an idle node costs.
 * Arguments as in `suite.ts`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { cpuSeconds } from "../../scripts/bench/cpu.ts";
import { LibtorrentDht } from "./clients/libtorrent_dht.ts";
import { Loopback } from "./harness/host.ts";
import { NamespacePair } from "./harness/namespaces.ts";
import { difference, makePayload, ONE_FILE, readManifest } from "./harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { run } from "./harness/run.ts";
import { findTm, tmGet, TmSeed } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";
import { until } from "./harness/until.ts";

const options = parseArgs(Deno.args, {
  string: ["tm", "client", "temp"],
  boolean: ["keep"],
}) as { tm?: string; client?: string; temp?: string; keep?: boolean };

const NODES = 16;
const SECONDS = 60;
/** What an idle node may cost: of a core, and of the network, both ways together. */
const MOST_CPU = 0.01;
const MOST_BYTES = 10_000;
/** The start is not idle: the table fills. */
const SETTLE_SECONDS = 20;
const IDLE_SECONDS = 60;

const ignore = options.client !== undefined && !options.client.toLowerCase().includes("libtorrent");

/** A folder that goes with `stack`. */
async function temp(stack: AsyncDisposableStack): Promise<string> {
  const place = options.temp === undefined ? {} : { dir: options.temp };
  const folder = await Deno.makeTempDir({ prefix: "tm-interop-", ...place });
  if (options.keep !== true) stack.defer(() => Deno.remove(folder, { recursive: true }));
  return folder;
}

/** A payload in `folder` and its torrent without a tracker. */
async function prepare(tm: string, folder: string, name: string, seed: number) {
  const source = join(folder, "payload");
  await Deno.mkdir(source);
  const payload = await makePayload(source, name, ONE_FILE, seed);
  return { source, payload, torrent: await makeTorrent("tm", tm, payload, null, 256 * 1024) };
}

Deno.test({
  name: "tm get finds by the DHT what libtorrent announced there",
  ignore,
  async fn() {
    requirePrograms(COMMON);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const folder = await temp(stack);
    const host = new Loopback();
    const { source, payload, torrent } = await prepare(tm, folder, "dht-down.bin", 78);
    const dht = stack.use(await LibtorrentDht.start(host, folder, NODES));
    await dht.add(torrent, source);
    await until("libtorrent to seed", SECONDS, () => dht.isSeeding(torrent));
    const target = join(folder, "tm");
    const by = ["--dht-node", dht.nodes[0]!];
    await tmGet(host, tm, torrent, target, folder, () => dht.describe(torrent), by);
    const wrong = difference(payload.manifest, await readManifest(target), false);
    if (wrong !== null) throw new Error(`Expected ${target} to be the payload: ${wrong}`);
  },
});

Deno.test({
  name: "libtorrent finds by the DHT what tm seed announced there",
  ignore,
  async fn() {
    requirePrograms(COMMON);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const folder = await temp(stack);
    const host = new Loopback();
    const { source, payload, torrent } = await prepare(tm, folder, "dht-up.bin", 79);
    const dht = stack.use(await LibtorrentDht.start(host, folder, NODES));
    const by = ["--dht-node", dht.nodes[0]!];
    const seed = stack.use(new TmSeed(host, tm, torrent, source, folder, by));
    const target = join(folder, "libtorrent");
    await Deno.mkdir(target);
    await dht.add(torrent, target);
    await until("libtorrent to have it", SECONDS, () => {
      seed.assertRunning();
      return dht.isSeeding(torrent);
    }, async () => `${seed.tail()}\n${await dht.describe(torrent)}`);
    const wrong = difference(payload.manifest, await readManifest(target), false);
    if (wrong !== null) throw new Error(`Expected ${target} to be the payload: ${wrong}`);
    await seed.stop();
  },
});

Deno.test({
  name: "an idle node among libtorrent's takes under 1 % of a core and 10 KB/s",
  ignore,
  async fn() {
    requirePrograms([...COMMON, ...NAMESPACES]);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const folder = await temp(stack);
    const pair = stack.use(await NamespacePair.create());
    const { source, torrent } = await prepare(tm, folder, "idle.bin", 80);
    const dht = stack.use(await LibtorrentDht.start(pair.left, folder, NODES));
    const by = ["--dht-node", dht.nodes[0]!];
    const seed = stack.use(new TmSeed(pair.right, tm, torrent, source, folder, by));
    await until("tm to be announced", SECONDS, () => {
      seed.assertRunning();
      return seed.events().some(({ type, announced }) => type === "dht" && Number(announced) > 0);
    }, () => seed.tail());
    await rest(SETTLE_SECONDS);
    const before = await cost(pair.right.namespace, seed.pid);
    await rest(IDLE_SECONDS);
    const after = await cost(pair.right.namespace, seed.pid);
    const cpu = (after.seconds - before.seconds) / IDLE_SECONDS;
    const bytes = (after.bytes - before.bytes) / IDLE_SECONDS;
    const figures = `${(cpu * 100).toFixed(2)} % of a core, ${Math.round(bytes)} bytes a second`;
    await Deno.stdout.write(new TextEncoder().encode(`\nidle among ${NODES}: ${figures}\n`));
    if (cpu >= MOST_CPU || bytes >= MOST_BYTES) throw new Error(`Expected less, got ${figures}`);
  },
});

/** CPU seconds of a process and bytes over the cable of its namespace, so far. */
async function cost(namespace: string, pid: number): Promise<{ seconds: number; bytes: number }> {
  const stats = JSON.parse(await run(["ip", "-n", namespace, "-s", "-j", "link", "show", "eth0"]));
  const { rx, tx } = stats[0].stats64;
  return { seconds: await cpuSeconds(pid), bytes: rx.bytes + tx.bytes };
}

function rest(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
