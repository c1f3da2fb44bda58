/**
 * `tm share` on one host, its link on another: with tm, and with aria2, which finds us by our tracker alone; and the
 * link's hash alone, by the DHT node of the share. Arguments as in `harness/options.ts`.
 */
import type { Host } from "./harness/host.ts";
import { Network } from "./harness/network.ts";
import { options, temporaryFolder } from "./harness/options.ts";
import {
  difference,
  makePayload,
  MANY_FILES,
  ONE_FILE,
  type PayloadShape,
  readManifest,
} from "./harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm } from "./harness/tm.ts";
import { until } from "./harness/until.ts";

/** Seconds for hashing, and for a download of some tens of MiB on a busy machine. */
const PATIENCE = 60;
/** A node that is not there: the DHT is on, and nobody in it. */
const NOBODY = "127.0.0.1:9";
const OFFLINE = ["--no-dht", "--no-lsd"];

/** What is shared on one host, and the other host. */
interface Stage {
  readonly tm: string;
  readonly sharer: Host;
  readonly magnet: string;
  /** Where its peers and its DHT node are. */
  readonly port: number;
  /** Runs a command on the other host; throws unless it ends with 0 and wrote what is shared into its folder. */
  fetch(name: string, ...command: string[]): Promise<void>;
}

/** Everything is taken down with `stack`. */
async function share(
  shape: PayloadShape,
  stack: AsyncDisposableStack,
  switches: readonly string[],
): Promise<Stage> {
  requirePrograms([...COMMON, ...NAMESPACES, { program: "aria2c", debianPackage: "aria2" }]);
  const tm = findTm(options.tm);
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const [left, right] = [await network.addHost(), await network.addHost()];
  await Deno.mkdir(`${folder}/given`);
  const payload = await makePayload(`${folder}/given`, `shared-${shape.kind}`, shape, 1);
  const share = left.start({
    name: "tm-share",
    command: [tm, "share", `${payload.folder}/${payload.name}`, "--json", "-v", ...switches],
    folder,
  });
  stack.defer(async () => void await share.stop());
  const { magnet, port } = await until("a link", PATIENCE, () => {
    share.assertRunning();
    return share.events().find(({ type }) => type === "shared");
  }, () => share.tail());
  const fetch = async (name: string, ...command: string[]) => {
    const target = `${folder}/${name}`;
    await Deno.mkdir(target);
    const program = right.start({ name: `get-${name}`, command, folder, cwd: target });
    try {
      if (await program.wait(PATIENCE) !== 0) {
        throw new Error(`Expected ${name} to end with 0\n${program.tail()}\n${share.tail()}`);
      }
    } finally {
      await program.stop();
    }
    const actual = await readManifest(target);
    const wrong = difference(payload.manifest, actual, false);
    if (wrong !== null) throw new Error(`Expected what was shared from ${name}: ${wrong}`);
  };
  return { tm, sharer: left, magnet: String(magnet), port: Number(port), fetch };
}

for (const shape of [ONE_FILE, MANY_FILES]) {
  Deno.test(`the link of tm share (${shape.kind}) is all that tm get and aria2 on another host need`, async () => {
    await using stack = new AsyncDisposableStack();
    const { tm, magnet, fetch } = await share(shape, stack, OFFLINE);
    await fetch("tm", tm, "get", magnet, "-d", ".", ...OFFLINE);
    const alone = ["--enable-dht=false", "--enable-dht6=false", "--enable-peer-exchange=false"];
    await fetch("aria2", "aria2c", ...alone, "--seed-time=0", "-d", ".", magnet);
  });
}

Deno.test("the info hash of a share does, for who knows its DHT node: no tracker, no peer, nobody else in the DHT", async () => {
  await using stack = new AsyncDisposableStack();
  const alone = ["--no-lsd", "--no-pex", "--no-tracker", "--dht-node", NOBODY];
  const { tm, sharer, magnet, port, fetch } = await share(ONE_FILE, stack, alone);
  const hash = new URL(magnet).searchParams.get("xt");
  const by = ["--dht-node", `${sharer.address}:${port}`, "--no-lsd", "--no-pex"];
  await fetch("tm", tm, "get", `magnet:?xt=${hash}`, "-d", ".", ...by);
});
