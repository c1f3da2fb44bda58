/**
 * Web servers as seeds (BEP 19): other clients download what `tm create -w` made from a server with ranges, and
 * `tm get` from that one and from Python's, which has none. No peer and no tracker. Arguments as in `suite.ts`.
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import type { Bytes } from "../../src/base/mod.ts";
import { WebServer } from "../loopback/web_server.ts";
import { aria2 } from "./clients/aria2.ts";
import type { ClientKind } from "./clients/client.ts";
import { libtorrent } from "./clients/libtorrent.ts";
import { transmission } from "./clients/transmission.ts";
import { type Host, Loopback } from "./harness/host.ts";
import { difference, makePayload, MANY_FILES, ONE_FILE } from "./harness/payload.ts";
import { type Payload, readManifest } from "./harness/payload.ts";
import { COMMON, requirePrograms } from "./harness/requirements.ts";
import { findTm, tmGet } from "./harness/tm.ts";
import { makeTorrent, type Torrent } from "./harness/torrent.ts";
import { until } from "./harness/until.ts";

const options = parseArgs(Deno.args, {
  string: ["tm", "client", "temp"],
  boolean: ["keep"],
}) as { tm?: string; client?: string; temp?: string; keep?: boolean };

const SECONDS = 60;
const SHAPES = { "one file": ONE_FILE, "300 files": MANY_FILES };

/** A payload on disk and a server that has it. */
interface Stage {
  readonly host: Host;
  readonly tm: string;
  readonly folder: string;
  readonly payload: Payload;
  readonly web: WebServer;
  readonly stack: AsyncDisposableStack;
  torrent(webseed: string): Promise<Torrent>;
}

function test(name: string, client: string, run: (stage: Stage) => Promise<void>): void {
  for (const [label, shape] of Object.entries(SHAPES)) {
    Deno.test({
      name: `${name}, ${label}`,
      ignore: options.client !== undefined && !options.client.toLowerCase().includes(client),
      async fn() {
        requirePrograms(COMMON);
        const tm = findTm(options.tm);
        await using stack = new AsyncDisposableStack();
        const place = options.temp === undefined ? {} : { dir: options.temp };
        const folder = await Deno.makeTempDir({ prefix: "tm-interop-", ...place });
        if (options.keep !== true) stack.defer(() => Deno.remove(folder, { recursive: true }));
        const source = join(folder, "payload");
        await Deno.mkdir(source);
        const payload = await makePayload(source, "web", shape, 19);
        const files = await Promise.all([...payload.manifest.keys()].map(async (path) => {
          const data: Bytes = await Deno.readFile(join(source, path));
          return { path, data };
        }));
        const web = stack.use(new WebServer({ files }));
        const torrent = (webseed: string) =>
          makeTorrent("tm", tm, payload, null, 256 * 1024, ["-w", webseed]);
        await run({ host: new Loopback(), tm, folder, payload, web, stack, torrent });
      },
    });
  }
}

async function assertHolds(folder: string, { manifest }: Payload, kind?: ClientKind) {
  const got = await readManifest(folder, kind?.ownFiles);
  const wrong = difference(manifest, got, kind?.skipsEmptyFiles ?? false);
  if (wrong !== null) throw new Error(`Expected ${folder} to be the payload: ${wrong}`);
}

for (const kind of [libtorrent, aria2, transmission]) {
  test(
    `${kind.name} downloads from a webseed that tm create named`,
    kind.name.toLowerCase(),
    async (stage) => {
      const { host, folder, payload, web, stack } = stage;
      requirePrograms(kind.requirements);
      const home = join(folder, kind.name);
      await Deno.mkdir(join(home, "data"), { recursive: true });
      const torrent = await stage.torrent(web.url);
      const client = stack.use(await kind.start(host, home));
      await client.addTorrent(torrent, join(home, "data"), false);
      const report = async () => `${await client.describe(torrent)}\n${client.tail()}`;
      await until(`${kind.name} to have it`, SECONDS, () => client.isSeeding(torrent), report);
      await assertHolds(join(home, "data"), payload, kind);
      if (web.requests.length === 0) throw new Error("Expected requests, got none");
    },
  );
}

test("tm get downloads from a server with ranges", "tm", async (stage) => {
  const { host, tm, folder, payload, web } = stage;
  const torrent = await stage.torrent(web.url);
  const ours = join(folder, "tm");
  const report = () => Promise.resolve(`${web.requests.length} requests`);
  await tmGet(host, tm, torrent, ours, folder, report, ["--webseed", web.url]);
  await assertHolds(ours, payload);
});

test("tm get downloads from Python's http.server, which has no ranges", "tm", async (stage) => {
  const { host, tm, folder, payload, stack } = stage;
  const port = await host.freePort();
  const where = ["--bind", host.address, "--directory", payload.folder];
  const command = ["/usr/bin/python3", "-m", "http.server", `${port}`, ...where];
  const program = host.start({ name: "http-server", command, folder });
  stack.defer(async () => void await program.stop());
  const url = `http://${host.address}:${port}/`;
  await until("the server to answer", SECONDS, () => host.call(url), () => program.tail());
  const ours = join(folder, "tm");
  const torrent = await stage.torrent(url);
  const report = () => Promise.resolve(program.tail());
  await tmGet(host, tm, torrent, ours, folder, report, ["--webseed", url]);
  await assertHolds(ours, payload);
});
