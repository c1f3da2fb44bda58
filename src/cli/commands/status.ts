import { readStatus, STATUS_FIELDS, type TorrentStatus } from "../../remote/mod.ts";
import { UsageError } from "../../base/mod.ts";
import { command, type Context } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { hashesOf } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { renderPairs } from "../manager/pairs.ts";
import { statusPairs } from "../manager/status_pairs.ts";
import { loadWidths } from "../printable.ts";

/** `tm status ID…` */
export const status = command({
  name: "status",
  summary: "Show all about a torrent",
  usage: "ID…",
  about: `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [
    ["tm status 3", "By its number"],
    ["tm status debian-12", "By a part of its name"],
    ["tm status --json all", "For scripts"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      if (positionals.length === 0) {
        throw new UsageError("Expected an ID (tm list shows them), got nothing");
      }
      const chosen = await selectTorrents(manager, positionals);
      if (chosen.length === 0) return ExitCode.ok;
      const session = await manager.session();
      const torrents = await manager.torrents(
        STATUS_FIELDS,
        hashesOf(chosen),
        (torrent) => readStatus(torrent, session),
      );
      await loadWidths(torrents.flatMap(({ name, folder, comment }) => [name, folder, comment]));
      for (const [i, torrent] of torrents.entries()) {
        if (i > 0 && !context.json) context.terminal.print("");
        print(context, torrent);
      }
      return ExitCode.ok;
    }),
});

function print({ terminal, json }: Context, torrent: TorrentStatus): void {
  if (json) {
    const { hash, ...rest } = torrent;
    return terminal.print(jsonLine({ type: "status", torrent: hash, ...rest }));
  }
  for (const line of renderPairs(statusPairs(torrent), terminal.columns)) terminal.print(line);
}
