/** A manager for somebody to look at. */
import type { Scene } from "../e2e/harness/scene.ts";
import type { Tm } from "../e2e/harness/tm.ts";
import type { TestTorrent } from "../e2e/harness/torrent.ts";
import { closeBrowser } from "./visitor.ts";

const ALONE = ["--listen-port", "0", "--no-dht", "--no-lsd", "--json"];

/** A daemon on `port` (0: any), when it has said where it is. */
export async function daemon(
  scene: Scene,
  port = 0,
  ...args: string[]
): Promise<{ readonly tm: Tm; readonly place: string }> {
  const tm = scene.start(["daemon", "-d", "data", "--rpc", `127.0.0.1:${port}`, ...ALONE, ...args]);
  return { tm, place: String((await tm.event("ready"))["place"]) };
}

/** A link to `torrent` at a seed of its own, which is given more `options`. */
export async function linkTo(
  scene: Scene,
  torrent: TestTorrent,
  ...options: string[]
): Promise<string> {
  await scene.data(torrent, "seed");
  const seed = await scene.seed(await scene.torrent(torrent), "seed", ...options);
  return `magnet:?xt=urn:btih:${torrent.id}&x.pe=${seed}`;
}

/** Whether something has this name. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

// once for every file with such tests, each of which has this module to itself
Deno.test.afterAll(closeBrowser);

/** A test in which a browser runs: its driver keeps pipes of its own. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}
