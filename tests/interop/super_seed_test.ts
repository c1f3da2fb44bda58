/** `tm seed --super-seed` as the only seed of two libtorrents and a `tm get`. Arguments as in `suite.ts`. */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { libtorrent } from "./clients/libtorrent.ts";
import { Loopback } from "./harness/host.ts";
import { difference, makePayload, ONE_FILE, readManifest } from "./harness/payload.ts";
import { COMMON, requirePrograms } from "./harness/requirements.ts";
import { findTm, tmGet, TmSeed } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";
import { startTmTracker } from "./harness/tracker.ts";
import { until } from "./harness/until.ts";

const options = parseArgs(Deno.args, {
  string: ["tm", "client", "temp"],
  boolean: ["keep"],
}) as { tm?: string; client?: string; temp?: string; keep?: boolean };

const SECONDS = 60;

Deno.test({
  name: "libtorrent and tm download what tm seed --super-seed seeds",
  ignore: options.client !== undefined && !options.client.toLowerCase().includes("libtorrent"),
  async fn() {
    requirePrograms([...COMMON, ...libtorrent.requirements]);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const place = options.temp === undefined ? {} : { dir: options.temp };
    const folder = await Deno.makeTempDir({ prefix: "tm-interop-", ...place });
    if (options.keep !== true) stack.defer(() => Deno.remove(folder, { recursive: true }));
    const host = new Loopback();
    const tracker = stack.use(await startTmTracker(host, folder, tm));
    const source = join(folder, "payload");
    await Deno.mkdir(source);
    const payload = await makePayload(source, "super.bin", ONE_FILE, 77);
    const torrent = await makeTorrent("tm", tm, payload, tracker.url, 256 * 1024);
    const seed = stack.use(new TmSeed(host, tm, torrent, source, folder, ["--super-seed"]));
    await until("the tracker to count a seeder", SECONDS, async () => {
      seed.assertRunning();
      return await tracker.seeders(torrent.infoHash) > 0;
    }, () => seed.tail());
    const clients = await Promise.all([1, 2].map(async (number) => {
      const home = join(folder, `libtorrent-${number}`);
      await Deno.mkdir(join(home, "data"), { recursive: true });
      const client = stack.use(await libtorrent.start(host, home));
      return { client, data: join(home, "data") };
    }));
    for (const { client, data } of clients) await client.addTorrent(torrent, data, false);
    const report = async () => {
      const said = await Promise.all(clients.map(({ client }) => client.describe(torrent)));
      return [seed.tail(), ...said].join("\n");
    };
    const ours = join(folder, "tm");
    await Promise.all([
      tmGet(host, tm, torrent, ours, folder, report),
      ...clients.map(({ client }) =>
        until("libtorrent to have it", SECONDS, () => client.isSeeding(torrent), report)
      ),
    ]);
    for (const place of [ours, ...clients.map(({ data }) => data)]) {
      const wrong = difference(payload.manifest, await readManifest(place), false);
      if (wrong !== null) throw new Error(`Expected ${place} to be the payload: ${wrong}`);
    }
    await seed.stop();
  },
});
