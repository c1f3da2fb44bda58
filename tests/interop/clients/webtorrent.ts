import { fromFileUrl, join } from "@std/path";
import type { Host } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Requirement } from "../harness/requirements.ts";
import type { Torrent } from "../harness/torrent.ts";

const PLACE = fromFileUrl(new URL("../webtorrent", import.meta.url));

export const NODE: Requirement = { program: "node", debianPackage: "nodejs" };

/** Throws an error that says how to get it, when npm has not installed it. */
function requireWebtorrent(): void {
  try {
    Deno.statSync(join(PLACE, "node_modules", "webtorrent"));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("Missing: npm ci --ignore-scripts --prefix tests/interop/webtorrent");
  }
}

/**
 * webtorrent on Node, which hashes what is in `data` of the torrent, then seeds it or downloads the rest. Its tracker is
 * what it has. It speaks uTP by an addon of Node (utp-native), whose binary comes with the package.
 */
export async function startWebtorrent(
  host: Host,
  folder: string,
  torrent: Torrent,
  data: string,
): Promise<Program> {
  requireWebtorrent();
  const home = join(folder, "webtorrent");
  await Deno.mkdir(home);
  return host.start({
    name: "webtorrent",
    command: ["node", join(PLACE, "peer.js"), torrent.path, data],
    folder,
    env: { HOME: home },
  });
}
