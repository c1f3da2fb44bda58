/** What an idle `tm` in a DHT of libtorrent nodes costs. Arguments as in `harness/options.ts`. */
import { join } from "@std/path";
import { cpuSeconds } from "../../scripts/bench/cpu.ts";
import { LibtorrentDht } from "./clients/libtorrent_dht.ts";
import { Network } from "./harness/network.ts";
import { isChosen, options, temporaryFolder } from "./harness/options.ts";
import { makePayload, ONE_FILE } from "./harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { run } from "./harness/run.ts";
import { findTm, TmSeed } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";
import { until } from "./harness/until.ts";

const NODES = 16;
const SECONDS = 60;
/** What an idle node may cost: of a core, and of the network, both ways together. */
const MOST_CPU = 0.01;
const MOST_BYTES = 10_000;
/** The start is not idle: the table fills. */
const SETTLE_SECONDS = 20;
const IDLE_SECONDS = 60;

/** A payload in `folder` and its torrent without a tracker. */
async function prepare(tm: string, folder: string, name: string, seed: number) {
  const source = join(folder, "payload");
  await Deno.mkdir(source);
  const payload = await makePayload(source, name, ONE_FILE, seed);
  return { source, payload, torrent: await makeTorrent("tm", tm, payload, null, 256 * 1024) };
}

Deno.test({
  name: "an idle node among libtorrent's takes under 1 % of a core and 10 KB/s",
  ignore: !isChosen("libtorrent"),
  async fn() {
    requirePrograms([...COMMON, ...NAMESPACES]);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const folder = await temporaryFolder(stack);
    const network = stack.use(await Network.create(folder));
    const [theirs, ours] = [await network.addHost(), await network.addHost()];
    const { source, torrent } = await prepare(tm, folder, "idle.bin", 80);
    const dht = stack.use(await LibtorrentDht.start(theirs, folder, NODES));
    const by = ["--dht-node", dht.nodes[0]!];
    const seed = stack.use(new TmSeed(ours, tm, torrent, source, folder, by));
    await until("tm to be announced", SECONDS, () => {
      seed.assertRunning();
      return seed.events().some(({ type, announced }) => type === "dht" && Number(announced) > 0);
    }, () => seed.tail());
    await rest(SETTLE_SECONDS);
    const before = await cost(ours.namespace, seed.pid);
    await rest(IDLE_SECONDS);
    const after = await cost(ours.namespace, seed.pid);
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
