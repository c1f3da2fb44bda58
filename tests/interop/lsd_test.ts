/** Two `tm` on a machine without any network meet by its loopback interface (BEP 14). Arguments as in `harness/options.ts`. */
import { Network } from "./harness/network.ts";
import { options, temporaryFolder } from "./harness/options.ts";
import { makePayload, SMALL_FILE } from "./harness/payload.ts";
import { compare } from "./harness/proof.ts";
import { COMMON, NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { run } from "./harness/run.ts";
import { findTm, tmGet, TmSeed, WITH_LSD } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";

Deno.test("two tm on one machine meet when its cable is out", async () => {
  requirePrograms([...COMMON, ...NAMESPACES]);
  const tm = findTm(options.tm);
  await using stack = new AsyncDisposableStack();
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const host = await network.addHost();
  await run(["ip", "-n", host.namespace, "link", "set", "eth0", "down"]);
  await Deno.mkdir(`${folder}/payload`);
  const payload = await makePayload(`${folder}/payload`, "near.bin", SMALL_FILE, 90);
  const torrent = await makeTorrent("tm", tm, payload, null, 64 * 1024);
  const by = [WITH_LSD, "--no-pex"];
  await using seed = new TmSeed(host, tm, torrent, payload.folder, folder, by);
  await seed.port();
  const target = `${folder}/got`;
  await tmGet(host, tm, torrent, target, folder, () => Promise.resolve(seed.tail()), by);
  await compare(payload, target);
});
