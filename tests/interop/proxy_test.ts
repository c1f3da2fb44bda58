/**
 * With a proxy nothing goes beside it: every packet that leaves the namespace of `tm get` is looked at, while it uses
 * trackers of both kinds, webseeds, `xs`, peers, PEX, LSD and the DHT, all by names that only the proxy knows, in an
 * environment that would lead past it. Arguments as in `harness/options.ts`.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { Program } from "./harness/program.ts";
import type { NamespaceHost } from "./harness/namespace_host.ts";
import { Network } from "./harness/network.ts";
import { options, temporaryFolder } from "./harness/options.ts";
import { makePayload, SMALL_FILE } from "./harness/payload.ts";
import { compare } from "./harness/proof.ts";
import { NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm, TmSeed, WITH_LSD } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";
import { startTmTracker } from "./harness/tracker.ts";
import { until } from "./harness/until.ts";

const SECONDS = 60;
const PROXY_PORT = 1080;
/** An environment by which HTTP clients go beside their proxy, to names as to addresses. */
const BESIDE = { NO_PROXY: "*,10.0.0.0/8,fd00::/8", no_proxy: "*,10.0.0.0/8,fd00::/8" };
const script = (path: string) => fromFileUrl(new URL(path, import.meta.url));

/** What the client is given, and what it must not tell anybody but the proxy. */
async function stage(stack: AsyncDisposableStack) {
  requirePrograms(NAMESPACES);
  const tm = findTm(options.tm);
  const folder = await temporaryFolder(stack);
  const network = stack.use(await Network.create(folder));
  const client = await network.addHost();
  const proxy = await network.addHost();
  const world = await network.addHost();
  const start = (
    host: NamespaceHost,
    name: string,
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) => {
    const program = host.start({ name, command, folder, cwd: folder, env });
    stack.defer(async () => void await program.stop());
    return program;
  };
  const tracker = stack.use(await startTmTracker(world, folder, tm, world.address));
  await Deno.mkdir(`${folder}/payload`);
  const payload = await makePayload(`${folder}/payload`, "hidden.bin", SMALL_FILE, 92);
  const torrent = await makeTorrent("tm", tm, payload, tracker.url, 64 * 1024);
  await Deno.copyFile(torrent.path, `${folder}/payload/x.torrent`);
  const seed = stack.use(
    new TmSeed(world, tm, torrent, payload.folder, folder, [
      WITH_LSD,
      "--dht-node",
      `${proxy.address}:9`,
    ]),
  );
  const seedPort = await seed.port();
  const python = ["/usr/bin/python3", "-I", "-S"];
  const web = start(world, "web", [
    ...python,
    script("./python/web_server.py"),
    world.address,
    payload.folder,
  ]);
  const webPort = await until("the web server", SECONDS, () => {
    web.assertRunning();
    return /^port (\d+)/m.exec(web.stdout())?.[1] ?? null;
  }, () => web.tail());
  const watch = start(client, "watch", [
    ...python,
    script("./python/packet_watch.py"),
    proxy.address,
  ]);
  await up(watch);
  const trackerPort = new URL(tracker.url).port;
  const parts = {
    tr: [`http://tracker.test:${trackerPort}/announce`, `udp://tracker.test:${trackerPort}`],
    ws: [`http://web.test:${webPort}/hidden.bin`],
    xs: [`http://web.test:${webPort}/x.torrent`],
    "x.pe": [`${world.address}:${seedPort}`],
  };
  const magnet = Object.entries(parts).reduce(
    (link, [key, values]) =>
      values.reduce((all, value) => `${all}&${key}=${encodeURIComponent(value)}`, link),
    `magnet:?xt=urn:btih:${torrent.infoHash}`,
  );
  const get = (more: readonly string[]) =>
    start(client, "get", [
      ...[tm, "get", magnet, "-d", `${folder}/got`, "--json", "-v"],
      ...["--dht-node", `node.test:${seedPort}`, ...more],
    ], BESIDE);
  const servers = { tracker: trackerPort, web: webPort, node: seedPort };
  return { folder, client, proxy, world, payload, watch, start, get, servers };
}

/** Where packets went that should not have. */
function leaks(watch: Program): unknown[] {
  watch.assertRunning();
  return watch.events().filter(({ type }) => type === "leak").map(({ to }) => to);
}

async function up(program: Program): Promise<void> {
  await until(program.name, SECONDS, () => {
    program.assertRunning();
    return program.events().length > 0 || null;
  }, () => program.tail());
}

Deno.test("nothing leaves beside the proxy, and everything through it", async () => {
  await using stack = new AsyncDisposableStack();
  const { folder, proxy, world, payload, watch, start, get, servers } = await stage(stack);
  const names = ["tracker", "web", "node"].map((name) => `${name}.test=${world.address}`);
  const socks = start(proxy, "proxy", [
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-net", "--unstable-net"],
    ...[script("./stand_ins/proxy.ts"), proxy.address, `${PROXY_PORT}`, ...names],
  ]);
  await up(socks);
  const url = `socks5://me:hunter2@${proxy.address}:${PROXY_PORT}`;
  // slow enough for all trackers to be asked before it has everything
  const program = get(["--proxy", url, "--seed-time", "10", "--limit-rate", "400K"]);
  const report = () => `${program.tail()}\n${socks.tail()}\n${watch.tail()}`;
  await until("the download", SECONDS, () => {
    program.assertRunning();
    return program.events().some(({ type }) => type === "done") || null;
  }, report);
  const { tracker, web, node } = servers;
  const wanted = [
    `tcp tracker.test:${tracker}`,
    `udp tracker.test:${tracker}`,
    `tcp web.test:${web}`,
    `tcp ${world.address}:${node}`,
    `udp node.test:${node}`,
    // found by its name, and spoken to at its address from then on
    `udp ${world.address}:${node}`,
  ];
  await until(`all of ${wanted}`, SECONDS, () => {
    const targets = socks.events().map(({ target }) => target);
    return wanted.every((each) => targets.includes(each)) || null;
  }, report);
  assert(await program.stop(10), "it ends gently");
  await compare(payload, `${folder}/got`);
  assertEquals(leaks(watch), []);
  for (const text of [program.stdout(), program.tail()]) assert(!text.includes("hunter2"), text);
  const listening = program.events().find(({ type }) => type === "listening");
  assertEquals(listening?.port, null);
});

Deno.test("nothing leaves beside an HTTP proxy, which carries what is had over HTTP", async () => {
  await using stack = new AsyncDisposableStack();
  const { folder, proxy, world, payload, watch, start, get, servers } = await stage(stack);
  const names = ["tracker", "web"].map((name) => `${name}.test=${world.address}`);
  const http = start(proxy, "proxy", [
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-net"],
    ...[script("./stand_ins/http_proxy.ts"), proxy.address, `${PROXY_PORT}`, ...names],
  ]);
  await up(http);
  const url = `http://me:hunter2@${proxy.address}:${PROXY_PORT}`;
  const program = get(["--proxy", url, "--seed-time", "10"]);
  const report = () => `${program.tail()}\n${http.tail()}\n${watch.tail()}`;
  const wanted = [`http tracker.test:${servers.tracker}`, `http web.test:${servers.web}`];
  await until(`the download, and all of ${wanted}`, SECONDS, () => {
    program.assertRunning();
    const targets = http.events().map(({ target }) => target);
    const all = wanted.every((each) => targets.includes(each));
    return all && program.events().some(({ type }) => type === "done") || null;
  }, report);
  assert(await program.stop(10), "it ends gently");
  await compare(payload, `${folder}/got`);
  assertEquals(leaks(watch), []);
  for (const text of [program.stdout(), program.tail()]) assert(!text.includes("hunter2"), text);
});

Deno.test("without the proxy the same watch sees plenty", async () => {
  await using stack = new AsyncDisposableStack();
  const { watch, get } = await stage(stack);
  const program = get(["--seed-time", "10"]);
  await until("a packet", SECONDS, () => {
    program.assertRunning();
    return leaks(watch).length > 2 || null;
  }, () => `${program.tail()}\n${watch.tail()}`);
});
