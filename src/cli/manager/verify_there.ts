/** `tm verify ID…`: what a manager has is hashed by itself. */
import { isMagnet } from "../../metainfo/mod.ts";
import type { Context } from "../command.ts";
import type { Environment } from "../environment.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "./act.ts";
import { type ManagerValues, withManager } from "./connect.ts";
import { selectTorrents } from "./select_torrents.ts";

/**
 * True when nothing on the command line can be a torrent file: a path, a link, standard input, what ends as torrent
 * files do, and what is there under this name, are none of a manager's IDs.
 */
export async function areIds(env: Environment, given: readonly string[]): Promise<boolean> {
  for (const each of given) {
    if (each === "-" || /[/\\]|\.torrent$/i.test(each) || isMagnet(each)) return false;
    if (env.permissions.allows("read", each) && await env.files.exists(each)) return false;
  }
  return given.length > 0;
}

/** Has the torrents verified, in their turn. */
export async function verifyThere(
  context: Context,
  values: ManagerValues,
  ids: readonly string[],
): Promise<ExitCode> {
  return await withManager(context, values, async (manager) => {
    const torrents = await selectTorrents(manager, ids);
    if (torrents.length > 0) await manager.act("torrent-verify", hashesOf(torrents));
    await reportDone(context, "verifying", "Verifying", torrents);
    return ExitCode.ok;
  });
}
