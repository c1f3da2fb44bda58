/** `tm share` on one host, its link on another: with tm, and with aria2, which finds us by our tracker alone. Arguments as in `suite.ts`. */
import { parseArgs } from "@std/cli/parse-args";
import type { Host } from "./harness/host.ts";
import { Network } from "./harness/network.ts";
import { difference, makePayload, MANY_FILES, ONE_FILE, readManifest } from "./harness/payload.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm } from "./harness/tm.ts";
import { until } from "./harness/until.ts";

const options = parseArgs(Deno.args, { string: ["tm"] }) as { tm?: string };
/** Seconds for hashing, and for a download of some tens of MiB on a busy machine. */
const PATIENCE = 60;
const OFFLINE = ["--no-dht", "--no-lsd"];

for (const shape of [ONE_FILE, MANY_FILES]) {
  const what = shape.kind;
  Deno.test(`the link of tm share (${what}) is all that tm get and aria2 on another host need`, async () => {
    requirePrograms([...COMMON, ...NAMESPACES, { program: "aria2c", debianPackage: "aria2" }]);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "tm-interop-" });
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    const network = stack.use(await Network.create(folder));
    const [left, right] = [await network.addHost(), await network.addHost()];
    await Deno.mkdir(`${folder}/given`);
    const payload = await makePayload(`${folder}/given`, `shared-${what}`, shape, 1);
    const share = left.start({
      name: "tm-share",
      command: [tm, "share", `${folder}/given/shared-${what}`, "--json", "-v", ...OFFLINE],
      folder,
    });
    stack.defer(async () => void await share.stop());
    const magnet = await until("a link", PATIENCE, () => {
      share.assertRunning();
      return share.events().find(({ type }) => type === "shared")?.["magnet"] as string | undefined;
    }, () => share.tail());
    const fetch = async (host: Host, name: string, ...command: string[]) => {
      const target = `${folder}/${name}`;
      await Deno.mkdir(target);
      const program = host.start({ name: `get-${name}`, command, folder, cwd: target });
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
    await fetch(right, "tm", tm, "get", magnet, "-d", ".", ...OFFLINE);
    const alone = ["--enable-dht=false", "--enable-dht6=false", "--enable-peer-exchange=false"];
    await fetch(right, "aria2", "aria2c", ...alone, "--seed-time=0", "-d", ".", magnet);
  });
}
