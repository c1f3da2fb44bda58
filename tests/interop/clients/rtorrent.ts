import { join } from "@std/path";
import type { Host } from "../harness/host.ts";
import type { Program } from "../harness/program.ts";
import type { Requirement } from "../harness/requirements.ts";
import type { Torrent } from "../harness/torrent.ts";
import type { Encryption } from "./client.ts";

export const RTORRENT: Requirement = { program: "rtorrent", debianPackage: "rtorrent" };

const ENCRYPTION: Readonly<Record<Encryption, string>> = {
  // The handshake both ways, and RC4 after it.
  required: "allow_incoming,try_outgoing,require,require_RC4",
  off: "none",
};

/**
 * rtorrent, which hashes what is in `data` of the torrent, then seeds it or downloads the rest. Its tracker is what it
 * has; its state and logs go into `folder`. It has an API by Unix socket alone, so it is judged by its files.
 */
export async function startRtorrent(
  host: Host,
  folder: string,
  torrent: Torrent,
  data: string,
  encryption: Encryption,
): Promise<Program> {
  const session = join(folder, "rtorrent");
  await Deno.mkdir(session);
  const port = await host.freePort();
  const lines = [
    // Without a terminal.
    "system.daemon.set = true",
    `session.path.set = ${session}`,
    `directory.default.set = ${data}`,
    `network.bind_address.set = ${host.address}`,
    `network.port_range.set = ${port}-${port}`,
    `protocol.encryption.set = ${ENCRYPTION[encryption]}`,
    "dht.mode.set = disable",
    "protocol.pex.set = no",
    // It goes into failure messages.
    "log.open_file = log, /dev/stdout",
    ...["info", "connection_debug"].map((kind) => `log.add_output = ${kind}, log`),
    `load.start = ${torrent.path}`,
  ];
  const settings = join(folder, "rtorrent.rc");
  await Deno.writeTextFile(settings, `${lines.join("\n")}\n`);
  return host.start({
    name: "rtorrent",
    command: ["rtorrent", "-n", "-o", `import=${settings}`],
    folder,
    env: { HOME: folder, TERM: "dumb" },
  });
}
